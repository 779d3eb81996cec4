import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { lockReservations } from '../../src/budget/reservations/held.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { isLatestVersion } from '../../src/records/latest-version.ts';

const script = join(import.meta.dirname, 'admitting-process.ts');

export interface Run {
  readonly name: string;
  readonly limit: bigint;
  readonly count: number;
  /** Kill the process once it has printed this many lines. */
  readonly killAfterLines?: number;
}

export interface ProcessResult {
  readonly signal: unknown;
  readonly errors: string;
  /** The decisions that it acknowledged, by step. */
  readonly acknowledged: (step: 'charged' | 'admitted' | 'refused' | 'settled') => readonly string[];
}

/** Runs the process to its end. */
export async function run(
  url: string,
  { name, limit, count, killAfterLines = Infinity }: Run,
): Promise<ProcessResult> {
  const child = spawn(process.execPath, [script, url, name, `${limit}`, `${count}`]);
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdout.on('data', (chunk) => {
    output += chunk;
    if (output.split('\n').length > killAfterLines) child.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => child.once('close', (_code, by) => resolve(by)));
  const lines = output.split('\n').slice(0, -1);
  return {
    signal,
    errors,
    acknowledged: (step) =>
      lines.filter((line) => line.startsWith(`${step} `)).map((line) => line.slice(step.length + 1)),
  };
}

/**
 * What the ledger holds: the state of each decision, its latest settlement, its journal rows, and the balance of the
 * budget. Read under the lock of the budget, as the server may still commit the last request of a killed process.
 */
export async function contents(url: string) {
  const ledger = await openLedger(url);
  try {
    return await ledger.write(async (db) => {
      const windows = await db
        .updateTable('budget_windows')
        .set((eb) => ({ used: eb.ref('used') }))
        .returning(['used', 'reserved'])
        .execute();
      const decisions = await db.selectFrom('decisions').select('id').execute();
      const held = await lockReservations(
        db,
        decisions.map(({ id }) => id),
      );
      const standing = await db.selectFrom('settlements').selectAll().where(isLatestVersion).execute();
      const versions = await db.selectFrom('settlements').select(['decision_id', 'version']).execute();
      const journal = await db.selectFrom('journal').select(['kind', 'id']).execute();
      return {
        balances: windows,
        states: new Map(held.map(({ row }) => [row.decision_id, row.state])),
        billed: new Map(standing.map((row) => [row.decision_id, row.bytes_billed])),
        journal: journal.map(({ kind, id }) => `${kind} ${id}`).toSorted(),
        entries: [
          ...decisions.map(({ id }) => `decision ${id}`),
          ...versions.map(({ decision_id, version }) => `settlement ${decision_id}/${version}`),
        ].toSorted(),
      };
    });
  } finally {
    await ledger.close();
  }
}

export type Contents = Awaited<ReturnType<typeof contents>>;

/** The bytes of decisions in a state: billed bytes of those charged, seven bytes of each that is open. */
export function sumOf({ states, billed }: Contents, state: 'open' | 'charged'): bigint {
  const ids = [...states].filter(([, each]) => (each === 'open') === (state === 'open')).map(([id]) => id);
  return ids.map((id) => (state === 'open' ? 7n : (billed.get(id) ?? 0n))).reduce((a, b) => a + b, 0n);
}
