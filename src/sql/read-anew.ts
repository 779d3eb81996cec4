import { errorMessage } from '../text/error-message.ts';
import type { SqlReading } from '../vocabulary/reading.ts';
import { beyondLimits, type ReadingLimits } from './limits.ts';
import { type ReaderOutcome, readWithPolyglot } from './polyglot-reader.ts';
import { type ReadingMade, unread, type Words } from './reading-made.ts';
import { readWithSecondParser } from './second-reader.ts';
import type { NameDefaults } from './table-names.ts';
import { unseenIn } from './tokens/unseen.ts';

/** Polyglot's message when it stops before its stack is exhausted. */
const PARSER_LIMIT = /E_GUARD_\w*(DEPTH|CHAIN)/;

/** Reads SQL, however long that takes, within the limits on size and depth. Never throws. */
export function readAnew(
  sql: string,
  words: Words,
  defaults: NameDefaults,
  limits: ReadingLimits,
): ReadingMade {
  const beyond = beyondLimits(sql, limits);
  if (beyond !== null) return unread(words, beyond.outcome, beyond.reason);
  const { functions, fingerprint } = words;
  const first = attempt(readWithPolyglot, sql, defaults);
  if (first.ok) return read(first, sql, { reader: 'polyglot', functions, fingerprint });
  const second = attempt(readWithSecondParser, sql, defaults);
  if (second.ok) return read(second, sql, { reader: 'node-sql-parser', functions, fingerprint });
  return PARSER_LIMIT.test(first.reason)
    ? unread(words, 'depth', `it nests deeper than the parser follows: ${first.reason}`)
    : unread(words, 'syntax', first.reason);
}

/** Whether the parser still works after a failure: exhausting its stack may leave it broken. */
export function stillReads(): boolean {
  return attempt(readWithPolyglot, 'SELECT x FROM t', { projectId: 'p', defaultDataset: null }).ok;
}

/**
 * A parser may give up in its own way, for example when nesting exhausts its stack: the SQL is then unread, which is
 * not a failure.
 */
function attempt(
  reader: (sql: string, defaults: NameDefaults) => ReaderOutcome,
  sql: string,
  defaults: NameDefaults,
): ReaderOutcome {
  try {
    return reader(sql, defaults);
  } catch (error) {
    return { ok: false, reason: errorMessage(error) };
  }
}

/** What is known about partly read SQL is kept, since rules may match on that too. */
function read(
  { ok: _ok, unreadReason: notParsed, ...found }: Extract<ReaderOutcome, { ok: true }>,
  sql: string,
  rest: { readonly reader: 'polyglot' | 'node-sql-parser' } & Pick<SqlReading, 'functions' | 'fingerprint'>,
): ReadingMade {
  const unreadReason = unseenIn(sql) ?? notParsed;
  if (unreadReason === null) return { reading: { ...found, ...rest, unreadReason }, outcome: rest.reader };
  return { reading: { ...found, ...rest, reader: 'none', unreadReason }, outcome: 'unseen' };
}
