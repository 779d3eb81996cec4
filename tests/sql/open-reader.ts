import { spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { DEFAULT_LIMITS, type ReadingLimits } from '../../src/sql/limits.ts';
import { createReader, type ReaderOptions } from '../../src/sql/reader.ts';
import { defaults } from './readings.ts';

/** Takes any machine longer than a query is given here. */
export const ENDLESS = `SELECT 1${' + 1'.repeat(4_000_000)}`;
export const PLAIN = 'SELECT x FROM e.t WHERE y = 1';
export const nested = (depth: number) => `SELECT ${'('.repeat(depth)}1${')'.repeat(depth)}`;

interface Told {
  readonly outcomes: string[];
  readonly replaced: string[];
}

/** The processes that this one started to read. */
export function readingProcesses(): readonly number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'reading-process-main'], {
    encoding: 'utf8',
  });
  return stdout.split('\n').filter(Boolean).map(Number);
}

type Changes = Partial<Omit<ReaderOptions, 'limits'>> & { readonly limits?: Partial<ReadingLimits> };

/** For one test: the next is not to share the machine with its processes, nor to end them with its own. */
export function readerWith(changes: Changes) {
  const one = openReader(changes);
  onTestFinished(() => one.reader.close());
  return one;
}

export function openReader({ limits, ...changes }: Changes) {
  const told: Told = { outcomes: [], replaced: [] };
  const reader = createReader({
    processes: 1,
    waitMs: 60_000,
    onReading: (outcome) => told.outcomes.push(outcome),
    onReplaced: (reason) => told.replaced.push(reason),
    ...changes,
    limits: { ...DEFAULT_LIMITS, milliseconds: 20_000, ...limits },
  });
  const read = async (sql: string) => (await reader.read(sql, defaults)).reading;
  return { read, told, reader };
}
