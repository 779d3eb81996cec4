import type { Language } from '../../foundation/text/language.ts';
import type { Rewrite, RewriteChange } from '../../vocabulary/advice.ts';
import { type Bytes, formatBytes } from '../../vocabulary/bytes.ts';
import { formatMoney } from '../../vocabulary/money.ts';
import type { Say } from './phrases.ts';

/** A BI tool's box is small, and a list of columns can be long. */
const MAX_SHOWN_LENGTH = 160;

const PHRASE_OF_KIND = {
  'partition-filter': 'withFilter',
  columns: 'withColumns',
  'replacement-table': 'withTable',
  approximate: 'withFunction',
  cacheable: 'withTime',
} as const satisfies Readonly<Record<RewriteChange['kind'], string>>;

/**
 * One line about a rewrite: whether it keeps the result, what it changes, what it saves, and whether it would be
 * allowed.
 */
export function rewriteLine(rewrite: Rewrite, language: Language, say: Say): string {
  const { changes, result, passes } = rewrite;
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  const ends = passes ? say('isLetThrough') : say('isStillRefused');
  return say('suggestion', {
    result,
    changes: list.format(
      changes.map(({ kind, shows }) => say(PHRASE_OF_KIND[kind], { shows: truncate(shows) })),
    ),
    effects: list.format([...savings(rewrite, language, say), ends]),
  });
}

function truncate(text: string): string {
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
}

function savings(
  { bytesBilled, savedOver, savedBytes, savedCost }: Rewrite,
  language: Language,
  say: Say,
): readonly string[] {
  const format = (bytes: Bytes) => formatBytes(bytes, language);
  const saved = formatMoney(savedCost, language);
  if (savedOver === 'day') return [say('savesRepeats', { bytes: format(savedBytes), cost: saved })];
  if (savedBytes === 0n) return [say('scansTheSame', { bytes: format(bytesBilled) })];
  const scans = say('scansLess', { bytes: format(bytesBilled), insteadOf: format(bytesBilled + savedBytes) });
  return savedCost.micros === 0n ? [scans] : [scans, say('costsLess', { saved })];
}
