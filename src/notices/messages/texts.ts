import { formatInstant } from '../../foundation/calendar/instant.ts';
import { shortName } from '../../foundation/pages/formats.ts';
import type { Language } from '../../foundation/text/language.ts';
import { formatAmount, rollingHours, UNNAMED_ACCOUNT } from '../../vocabulary/budget.ts';
import { type Notice, usedPercent } from '../notice.ts';
import { type Phrases, phrasesIn } from './phrases.ts';

/** A notice as a person reads it; plain text, without any tool's markup. */
export interface NoticeTexts {
  readonly title: string;
  /** How much is used, what that means, and whom to ask for more. */
  readonly sentences: readonly string[];
  /** Whose budget it is, when it renews, and as of when this is said. */
  readonly context: readonly string[];
}

/** Names come from policies and, if accounts are persons or dashboards, from tools: they may have any length. */
const MAX_NAME_LENGTH = 80;

/** The words of a notice in a language. */
export function textsOf(notice: Notice, language: Language): NoticeTexts {
  const phrases = phrasesIn(language);
  return {
    title: titleOf(notice, language, phrases),
    sentences: [
      ...standingOf(notice, language, phrases),
      ...(notice.used >= notice.limit ? [phrases.consequence[notice.whenExceeded]] : []),
      ...forecastTexts(notice, language, phrases),
      ...(notice.contact === null ? [] : [phrases.contact(notice.contact)]),
    ],
    context: [
      subjectText(notice, phrases),
      windowText(notice, language, phrases),
      phrases.asOf(formatInstant(notice.atMs, notice.timeZone, language)),
    ],
  };
}

function titleOf(notice: Notice, language: Language, phrases: Phrases): string {
  const { threshold, used, limit } = notice;
  const name = [shortened(notice.budget), ...accountOf(notice, phrases)].join(' ');
  // Above the limit, the threshold is the news.
  const usedUp = used >= limit && (threshold <= 100 || limit === 0n);
  return usedUp ? phrases.usedUp(name) : phrases.reached(name, percent(BigInt(threshold), language));
}

function accountOf({ per, account }: Notice, phrases: Phrases): readonly string[] {
  if (per === null) return [];
  const kind = phrases.kinds[per];
  return [account === UNNAMED_ACCOUNT ? `(${phrases.unnamed(kind)})` : `(${kind} ${shortened(account)})`];
}

function standingOf(
  { unit, used, limit, reserved }: Notice,
  language: Language,
  phrases: Phrases,
): readonly string[] {
  return [
    phrases.standing(formatAmount(unit, used, language), formatAmount(unit, limit, language)),
    ...(reserved === 0n ? [] : [phrases.reserved(formatAmount(unit, reserved, language))]),
  ];
}

function forecastTexts(notice: Notice, language: Language, phrases: Phrases): readonly string[] {
  const { forecast, unit, limit, timeZone } = notice;
  if (forecast === null) return [];
  const { projected, usedUpAtMs } = forecast;
  if (usedUpAtMs !== null) return [phrases.willBeUsedUp(formatInstant(usedUpAtMs, timeZone, language))];
  const share = percent(usedPercent({ used: projected, limit }) ?? 0n, language);
  return [phrases.willComeTo(formatAmount(unit, projected, language), share)];
}

function subjectText({ subject }: Notice, phrases: Phrases): string {
  const named = (['team', 'principal', 'project', 'tool', 'dashboard', 'card', 'person'] as const).flatMap(
    (kind) => {
      const name = subject[kind];
      return name === undefined ? [] : [`${phrases.kinds[kind]} ${shortened(name)}`];
    },
  );
  return named.length === 0 ? phrases.everyone : capitalised(named.join(', '));
}

function windowText({ window, windowEndMs, timeZone }: Notice, language: Language, phrases: Phrases): string {
  const hours = rollingHours(window);
  return hours === null
    ? phrases.renews(formatInstant(windowEndMs, timeZone, language))
    : phrases.countsTheLast(hours);
}

/** A percentage as people read it. */
export function percent(value: bigint, language: Language): string {
  return `${new Intl.NumberFormat(language).format(value)}%`;
}

function shortened(name: string): string {
  return shortName(name, MAX_NAME_LENGTH);
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
