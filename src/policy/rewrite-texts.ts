import type { Rewrite, RewriteChange, RewriteKind } from '../vocabulary/advice.ts';
import { type Bytes, formatBytes } from '../vocabulary/bytes.ts';
import { formatMoney } from '../vocabulary/money.ts';
import type { Language } from '../vocabulary/policy.ts';

/** The sentence about a rewrite in one language; amounts arrive as they are to be read. */
interface RewritePhrases {
  readonly with: Readonly<Record<RewriteKind, (shows: string) => string>>;
  readonly sameResult: string;
  readonly changedResult: string;
  readonly passes: string;
  readonly stillRefused: string;
  scans(bytes: string, insteadOf: string): string;
  scansTheSame(bytes: string): string;
  costsLess(money: string): string;
  savesRepeats(took: string): string;
  whole(parts: { readonly result: string; readonly form: string; readonly effects: string }): string;
}

const english: RewritePhrases = {
  with: {
    'partition-filter': (shows) => `with the filter ${shows}`,
    columns: (shows) => `with the columns ${shows} alone`,
    'replacement-table': (shows) => `over ${shows}`,
    approximate: (shows) => `with ${shows}`,
    cacheable: (shows) => `with ${shows} for the time of asking`,
  },
  sameResult: 'same result',
  changedResult: 'the result changes',
  passes: 'be let through',
  stillRefused: 'be refused all the same',
  scans: (bytes, insteadOf) => `scan ${bytes} in place of ${insteadOf}`,
  scansTheSame: (bytes) => `scan the same ${bytes}`,
  costsLess: (money) => `cost ${money} less`,
  savesRepeats: (took) => `save what repeats took in the last 24 hours (${took})`,
  whole: ({ result, form, effects }) => `Suggestion (${result}): ${form}, it would ${effects}.`,
};

const portuguese: RewritePhrases = {
  with: {
    'partition-filter': (shows) => `com o filtro ${shows}`,
    columns: (shows) => `só com as colunas ${shows}`,
    'replacement-table': (shows) => `lendo ${shows}`,
    approximate: (shows) => `com ${shows}`,
    cacheable: (shows) => `com ${shows} no lugar da hora atual`,
  },
  sameResult: 'mesmo resultado',
  changedResult: 'o resultado muda',
  passes: 'seria aceita',
  stillRefused: 'mesmo assim seria recusada',
  scans: (bytes, insteadOf) => `leria ${bytes} em vez de ${insteadOf}`,
  scansTheSame: (bytes) => `leria os mesmos ${bytes}`,
  costsLess: (money) => `custaria ${money} a menos`,
  savesRepeats: (took) => `pouparia o que as repetições gastaram nas últimas 24 horas (${took})`,
  whole: ({ result, form, effects }) => `Sugestão (${result}): ${form}, ela ${effects}.`,
};

const phrases: Readonly<Record<Language, RewritePhrases>> = { en: english, 'pt-BR': portuguese };

/** A BI tool's box is small, and a list of columns can be long. */
const LONGEST_SHOWN = 160;

/** One line about a rewrite: whether it keeps the result, what it changes, what it saves, and whether it would run. */
export function rewriteLine(
  { changes, sql: _sql, result, passes, ...rewrite }: Rewrite,
  language: Language,
): string {
  const words = phrases[language];
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  return words.whole({
    result: result === 'same' ? words.sameResult : words.changedResult,
    form: list.format(changes.map((change) => formOf(change, words))),
    effects: list.format([...savings(rewrite, language), passes ? words.passes : words.stillRefused]),
  });
}

function formOf({ kind, shows }: RewriteChange, words: RewritePhrases): string {
  return words.with[kind](shows.length > LONGEST_SHOWN ? `${shows.slice(0, LONGEST_SHOWN)}…` : shows);
}

function savings(
  { bytesBilled, savedOver, savedBytes, savedCost }: Omit<Rewrite, 'changes' | 'sql' | 'result' | 'passes'>,
  language: Language,
): readonly string[] {
  const words = phrases[language];
  const told = (bytes: Bytes) => formatBytes(bytes, language);
  if (savedOver === 'day') {
    return [words.savesRepeats(`${told(savedBytes)}, ${formatMoney(savedCost, language)}`)];
  }
  if (savedBytes === 0n) return [words.scansTheSame(told(bytesBilled))];
  const scans = words.scans(told(bytesBilled), told(bytesBilled + savedBytes));
  return savedCost.micros === 0n ? [scans] : [scans, words.costsLess(formatMoney(savedCost, language))];
}
