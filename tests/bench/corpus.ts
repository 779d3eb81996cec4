/**
 * Reads a corpus of queries as the proxy does and prints, by kind, how many are read and by which parser, what the
 * rest stumbles over, and where the two parsers name different tables: `npm run bench:corpus -- FILE`, FILE being a
 * JSON array of `{source, kind, sql}`, such as `tests/bench/corpus-from.ts` makes of a checkout.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readWithSecondParser } from '../../src/sql/parsers/second-reader.ts';
import { createReader } from '../../src/sql/processes/reader.ts';
import type { ReadingOutcome } from '../../src/sql/read-result.ts';
import { DEFAULT_LIMITS } from '../../src/sql/reading-limits.ts';
import type { SqlReading } from '../../src/vocabulary/reading.ts';
import { tableName } from '../../src/vocabulary/table.ts';

const corpus = z.array(z.object({ source: z.string(), kind: z.string(), sql: z.string() }));

const DEFAULTS = { projectId: 'p', defaultDataset: { datasetId: 'd' } };

interface Result {
  readonly source: string;
  readonly kind: string;
  readonly outcome: ReadingOutcome;
  readonly reason: string | null;
  readonly micros: number;
  /** Null where not both parsers read it; empty where they name the same tables. */
  readonly disagreement: string | null;
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('name a corpus: npm run bench:corpus -- FILE');

let last: { readonly outcome: ReadingOutcome; readonly seconds: number } | null = null;
const reader = createReader({
  limits: DEFAULT_LIMITS,
  processes: 1,
  waitMs: 60_000,
  onReading(outcome, seconds) {
    if (outcome !== 'cached') last = { outcome, seconds };
  },
});
await reader.ready;
const results: Result[] = [];
for (const query of corpus.parse(JSON.parse(await readFile(file, 'utf8'))))
  results.push(await readOne(query));
await reader.close();

for (const [kind, group] of Map.groupBy(results, (result) => result.kind)) {
  report(kind, group);
  for (const { source, outcome, reason } of group.filter(({ reason }) => reason !== null)) {
    console.log(`  unread (${outcome}) ${source}: ${reason}`);
  }
  for (const { source, disagreement } of group.filter(({ disagreement }) => disagreement)) {
    console.log(`  other tables ${source}: ${disagreement}`);
  }
}
report('all', results);

async function readOne({ source, kind, sql }: z.infer<typeof corpus>[number]): Promise<Result> {
  const { reading } = await reader.read(sql, DEFAULTS);
  const { outcome, seconds } = last ?? { outcome: 'failure', seconds: 0 };
  const disagreement = disagreementOver(sql, reading);
  return { source, kind, outcome, reason: reading.unreadReason, micros: seconds * 1e6, disagreement };
}

/** The tables that one parser names and the other does not. */
function disagreementOver(sql: string, reading: SqlReading): string | null {
  if (reading.reader !== 'polyglot') return null;
  const second = readWithSecondParser(sql, DEFAULTS);
  if (!second.ok) return null;
  const one = new Set(reading.tables.map((use) => tableName(use.table)));
  const other = new Set(second.tables.map((use) => tableName(use.table)));
  const more = [...one].filter((name) => !other.has(name)).map((name) => `+${name}`);
  const fewer = [...other].filter((name) => !one.has(name)).map((name) => `-${name}`);
  return [...more, ...fewer].join(' ');
}

function report(kind: string, group: readonly Result[]): void {
  const read = group.filter(({ reason }) => reason === null);
  const bySecond = group.filter(({ outcome }) => outcome === 'node-sql-parser');
  const both = group.filter(({ disagreement }) => disagreement !== null);
  const agreed = both.filter(({ disagreement }) => disagreement === '');
  const micros = group.map((result) => result.micros).toSorted((a, b) => a - b);
  console.log(
    `${kind}: ${share(read, group)} read, ${bySecond.length} by the second parser alone; ` +
      `tables agree in ${share(agreed, both)} that both read; ` +
      `p50 ${at(micros, 0.5)} µs, p99 ${at(micros, 0.99)} µs, most ${at(micros, 1)} µs`,
  );
}

function share(part: readonly unknown[], whole: readonly unknown[]): string {
  const percent = whole.length === 0 ? 0 : (100 * part.length) / whole.length;
  return `${part.length} of ${whole.length} (${percent.toFixed(1)} %)`;
}

function at(sorted: readonly number[], quantile: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0);
}
