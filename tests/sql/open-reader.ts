import { spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { createReader, type ReaderOptions } from '../../src/sql/processes/reader.ts';
import { DEFAULT_LIMITS, type ReadingLimits } from '../../src/sql/reading-limits.ts';
import { defaults } from './readings.ts';

/** Takes longer to read than any time limit in these tests. */
export const ENDLESS = `SELECT 1${' + 1'.repeat(4_000_000)}`;
export const PLAIN = 'SELECT x FROM e.t WHERE y = 1';
export const nested = (depth: number) => `SELECT ${'('.repeat(depth)}1${')'.repeat(depth)}`;

interface Events {
  readonly outcomes: string[];
  readonly replaced: string[];
}

/** The reading processes that this process has started. */
export function readingProcesses(): readonly number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'reading-process-main'], {
    encoding: 'utf8',
  });
  return stdout.split('\n').filter(Boolean).map(Number);
}

type Changes = Partial<Omit<ReaderOptions, 'limits'>> & { readonly limits?: Partial<ReadingLimits> };

/** A reader for one test, closed at its end, so that the next test neither competes with its processes nor kills them. */
export function readerWith(changes: Changes) {
  const one = openReader(changes);
  onTestFinished(() => one.reader.close());
  return one;
}

export function openReader({ limits, ...changes }: Changes) {
  const events: Events = { outcomes: [], replaced: [] };
  const reader = createReader({
    processes: 1,
    waitMs: 60_000,
    onReading: (outcome) => events.outcomes.push(outcome),
    onReplaced: (reason) => events.replaced.push(reason),
    ...changes,
    limits: { ...DEFAULT_LIMITS, milliseconds: 20_000, ...limits },
  });
  const read = async (sql: string) => (await reader.read(sql, defaults)).reading;
  return { read, events, reader };
}
