import { parentPort, workerData } from 'node:worker_threads';
import { columnLineageOf } from './column-lineage.ts';
import type { ReadingLimits } from './limits.ts';
import { type ReadingMade, readAnew, stillReads, type Words, wordsOf } from './read-anew.ts';
import { findRewriteSites } from './rewrite-sites/sites.ts';
import type { NameDefaults } from './table-names.ts';

/** What is asked of a thread that reads; one at a time. */
export interface ReadingTask {
  readonly sql: string;
  readonly defaults: NameDefaults;
  /** Look for what could be written otherwise, too. */
  readonly wantsSites?: boolean;
  /** Look for what each column of the result is made of, too. */
  readonly wantsColumnLineage?: boolean;
}

/** What such a thread says: when it can read, when it begins, what it told by the words alone, and what it read. */
export type ReaderMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'words'; readonly words: Words }
  /** `sound` is false where the parser broke: the thread is not to be asked again. */
  | ({ readonly kind: 'read'; readonly sound: boolean } & ReadingMade);

const port = parentPort;
if (port === null) throw new Error('this is the code of a thread that reads SQL; it does not run alone');

// Given by the thread that started this one, which is the only one that can.
const limits = workerData as ReadingLimits;

const say = (message: ReaderMessage) => port.postMessage(message);

port.on('message', (task: ReadingTask) => {
  const words = wordsOf(task.sql);
  say({ kind: 'words', words });
  const read = readAnew(task.sql, words, task.defaults, limits);
  const made = read.outcome === 'polyglot' ? { ...read, ...moreOf(task) } : read;
  say({ kind: 'read', sound: made.reading.reader === 'polyglot' || stillReads(), ...made });
});

/** What is looked for only where it is asked for. */
function moreOf({ sql, defaults, wantsSites, wantsColumnLineage }: ReadingTask): Partial<ReadingMade> {
  return {
    ...(wantsSites ? { sites: findRewriteSites(sql, defaults) } : {}),
    ...(wantsColumnLineage ? { columnLineage: columnLineageOf(sql, defaults) } : {}),
  };
}

// The first reading compiles the parser, which takes much longer than to read.
stillReads();
say({ kind: 'ready' });
