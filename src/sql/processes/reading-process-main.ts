import { flushCompileCache } from 'node:module';
import { columnLineageOf } from '../columns/column-lineage.ts';
import type { ReadingLimits } from '../limits.ts';
import { readAnew, stillReads } from '../read-anew.ts';
import { type ReadingMade, type Words, wordsOf } from '../reading-made.ts';
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
  | { readonly kind: 'words'; readonly words: Words }
  /** `sound` is false if the parser broke: the process must not be asked again. */
  | ({ readonly kind: 'read'; readonly sound: boolean } & ReadingMade);

if (process.send === undefined)
  throw new Error('this is the code of a process that reads SQL; it does not run alone');

// Set by the parent process, the only one that can.
const limits: ReadingLimits = JSON.parse(process.argv[2] ?? '');

const say = (message: ReadingMessage) => process.send?.(message);

process.on('message', (task: ReadingTask) => {
  const words = wordsOf(task.sql);
  say({ kind: 'words', words });
  const read = readAnew(task.sql, words, task.defaults, limits);
  const made = read.outcome === 'polyglot' ? { ...read, ...moreOf(task) } : read;
  say({ kind: 'read', sound: made.reading.reader === 'polyglot' || stillReads(), ...made });
});

/** What is computed only if it is asked for. */
function moreOf({ sql, defaults, wantsSites, wantsColumnLineage }: ReadingTask): Partial<ReadingMade> {
  return {
    ...(wantsSites ? { sites: findRewriteSites(sql, defaults) } : {}),
    ...(wantsColumnLineage ? { columnLineage: columnLineageOf(sql, defaults) } : {}),
  };
}

// Queries under way are still read while the guardrail stops; the guardrail ends this process when it no longer needs
// it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

// The first reading compiles the parser, which takes much longer than reading.
stillReads();
say({ kind: 'ready' });
// This process is ended by SIGKILL, and only a normal exit would save Node's compile cache for the next one.
flushCompileCache();
