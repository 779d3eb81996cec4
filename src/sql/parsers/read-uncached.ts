import { errorMessage } from '../../foundation/text/error-message.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';
import { type ReadResult, type TokenSummary, unreadResult } from '../read-result.ts';
import { beyondLimits, type ReadingLimits } from '../reading-limits.ts';
import { type NameDefaults, routineReference } from '../table-names.ts';
import { unseenReason } from '../tokens/unseen.ts';
import { type ReaderOutcome, readWithPolyglot } from './polyglot-reader.ts';
import { readWithSecondParser } from './second-reader.ts';

/** Polyglot's message when it stops before its stack is exhausted. */
const PARSER_LIMIT = /E_GUARD_\w*(DEPTH|CHAIN)/;

/** Reads SQL, however long that takes, within the limits on size and depth. Never throws. */
export function readUncached(
  sql: string,
  tokenSummary: TokenSummary,
  defaults: NameDefaults,
  limits: ReadingLimits,
): ReadResult {
  const beyond = beyondLimits(sql, limits);
  if (beyond !== null) return unreadResult(tokenSummary, beyond.outcome, beyond.reason);
  const { functions, fingerprint } = tokenSummary;
  const routines = tokenSummary.routines.map((name) => routineReference(name, defaults));
  const rest = { functions, routines, fingerprint };
  const first = attempt(readWithPolyglot, sql, defaults);
  if (first.ok) return readResult(first, sql, { reader: 'polyglot', ...rest });
  const second = attempt(readWithSecondParser, sql, defaults);
  if (second.ok) return readResult(second, sql, { reader: 'node-sql-parser', ...rest });
  return PARSER_LIMIT.test(first.reason)
    ? unreadResult(tokenSummary, 'depth', `it nests deeper than the parser follows: ${first.reason}`)
    : unreadResult(tokenSummary, 'syntax', first.reason);
}

/** Whether the parser still works after a failure: exhausting its stack may leave it broken. */
export function parserStillWorks(): boolean {
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
function readResult(
  { ok: _ok, unreadReason: notParsed, ...found }: Extract<ReaderOutcome, { ok: true }>,
  sql: string,
  rest: { readonly reader: 'polyglot' | 'node-sql-parser' } & Pick<
    SqlReading,
    'functions' | 'routines' | 'fingerprint'
  >,
): ReadResult {
  const unreadReason = unseenReason(sql) ?? notParsed;
  if (unreadReason === null) return { reading: { ...found, ...rest, unreadReason }, outcome: rest.reader };
  return { reading: { ...found, ...rest, reader: 'none', unreadReason }, outcome: 'unseen' };
}
