import { flushCompileCache } from 'node:module';
import { columnLineageOf } from '../columns/column-lineage.ts';
import { parserStillWorks, readUncached } from '../parsers/read-uncached.ts';
import { type ReadResult, type TokenSummary, tokenSummaryOf } from '../read-result.ts';
import type { ReadingLimits } from '../reading-limits.ts';
import { findRewriteSites } from '../rewrite-sites/sites.ts';
import type { NameDefaults } from '../table-names.ts';

/** What a reading process is asked; one thing at a time. */
export interface ReadingTask {
  readonly sql: string;
  readonly defaults: NameDefaults;
  /** Also find where the SQL could be rewritten. */
  readonly wantsSites?: boolean;
  /** Also find what each column of the result is made of. */
  readonly wantsColumnLineage?: boolean;
}

/** What such a process says: when it can read, when it begins, what the tokens say, and what it read. */
export type ReadingMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'tokens'; readonly tokenSummary: TokenSummary }
  /** `sound` is false if the parser broke: the process must not be asked again. */
  | ({ readonly kind: 'read'; readonly sound: boolean } & ReadResult);

if (process.send === undefined)
  throw new Error('this is the code of a process that reads SQL; it does not run alone');

// Set by the parent process, the only one that can.
const limits: ReadingLimits = JSON.parse(process.argv[2] ?? '');

const send = (message: ReadingMessage) => process.send?.(message);

process.on('message', (task: ReadingTask) => {
  const tokenSummary = tokenSummaryOf(task.sql);
  send({ kind: 'tokens', tokenSummary });
  const read = readUncached(task.sql, tokenSummary, task.defaults, limits);
  const result = read.outcome === 'polyglot' ? { ...read, ...extrasFor(task) } : read;
  send({ kind: 'read', sound: result.reading.reader === 'polyglot' || parserStillWorks(), ...result });
});

/** What is computed only if it is asked for. */
function extrasFor({ sql, defaults, wantsSites, wantsColumnLineage }: ReadingTask): Partial<ReadResult> {
  return {
    ...(wantsSites ? { sites: findRewriteSites(sql, defaults) } : {}),
    ...(wantsColumnLineage ? { columnLineage: columnLineageOf(sql, defaults) } : {}),
  };
}

// Queries under way are still read while guardrail stops; guardrail ends this process when it no longer needs
// it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

// The first reading compiles the parser, which takes much longer than reading.
parserStillWorks();
send({ kind: 'ready' });
// This process is ended by SIGKILL, and only a normal exit would save Node's compile cache for the next one.
flushCompileCache();
