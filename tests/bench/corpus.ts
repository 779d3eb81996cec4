/**
 * Reads a corpus of queries and prints, by kind, how many of them the SQL stage reads and by which parser, and what
 * the rest stumbles over: `npm run bench:corpus -- FILE`, FILE being a JSON array of `{source, kind, sql}`.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readSql } from '../../src/sql/read.ts';

const corpus = z.array(z.object({ source: z.string(), kind: z.string(), sql: z.string() }));

interface Outcome {
  readonly source: string;
  readonly kind: string;
  readonly reader: 'polyglot' | 'node-sql-parser' | 'none';
  readonly reason: string | null;
  readonly micros: number;
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('name a corpus: npm run bench:corpus -- FILE');
const outcomes = corpus.parse(JSON.parse(await readFile(file, 'utf8'))).map(read);

for (const [kind, group] of Map.groupBy(outcomes, (outcome) => outcome.kind)) report(kind, group);
report('all', outcomes);

function read({ source, kind, sql }: z.infer<typeof corpus>[number]): Outcome {
  const started = performance.now();
  const { reader, unreadReason } = readSql(sql, { projectId: 'p', defaultDataset: { datasetId: 'd' } });
  return { source, kind, reader, reason: unreadReason, micros: (performance.now() - started) * 1000 };
}

function report(kind: string, group: readonly Outcome[]): void {
  const unread = group.filter(({ reader }) => reader === 'none');
  const bySecond = group.filter(({ reader }) => reader === 'node-sql-parser').length;
  const micros = group.map((outcome) => outcome.micros).toSorted((a, b) => a - b);
  const share = (100 * (group.length - unread.length)) / group.length;
  console.log(
    `${kind}: ${group.length - unread.length} of ${group.length} read (${share.toFixed(1)} %), ${bySecond} by the second parser alone; ` +
      `p50 ${at(micros, 0.5)} µs, p99 ${at(micros, 0.99)} µs`,
  );
  if (kind === 'all') return;
  for (const { source, reason } of unread) console.log(`  unread ${source}: ${reason}`);
}

function at(sorted: readonly number[], quantile: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0);
}
