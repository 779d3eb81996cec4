import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createBudgets } from '../../src/budget/budgets.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { noon } from '../budget/builders.ts';
import { ledgerUrl } from './ledgers.ts';

/** Starting processes can take long on a busy machine; nothing here depends on how long. */
const PATIENCE_MS = 60_000;

const reservingScript = join(import.meta.dirname, 'reserving-process.ts');
const openingScript = join(import.meta.dirname, 'opening-process.ts');

interface Run {
  readonly name: string;
  readonly limit: bigint;
  readonly count: number;
  /** Kill the process once it has printed so many lines. */
  readonly killAfterLines?: number;
}

/** Runs the process to its end, and returns the decisions that it acknowledged, by step. */
async function run(url: string, { name, limit, count, killAfterLines = Infinity }: Run) {
  const child = spawn(process.execPath, [reservingScript, url, name, `${limit}`, `${count}`]);
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
  const acknowledged = (step: string) =>
    lines.filter((line) => line.startsWith(`${step} `)).map((line) => line.slice(step.length + 1));
  return { signal, errors, reserved: acknowledged('reserved'), settled: acknowledged('settled') };
}

/** A process that opens the ledgers it is told to, and answers what came of it. */
function startOpener(): (url: string) => Promise<string> {
  const child = spawn(process.execPath, [openingScript]);
  onTestFinished(() => {
    child.kill();
  });
  const answers = createInterface({ input: child.stdout });
  return async (url) => {
    const answer = once(answers, 'line');
    child.stdin.write(`${url}\n`);
    const [line] = await answer;
    return String(line);
  };
}

/**
 * What the ledger holds: each reservation's state, and how the budget stands. Read by one statement: the server may
 * still commit what a killed process asked for last.
 */
async function contents(url: string) {
  const ledger = await openLedger(url);
  const rows = await ledger.read
    .selectFrom('reservations')
    .innerJoin('reservation_parts', 'reservation_parts.decision_id', 'reservations.decision_id')
    .innerJoin('budget_windows', (on) =>
      on
        .onRef('budget_windows.budget', '=', 'reservation_parts.budget')
        .onRef('budget_windows.window_key', '=', 'reservation_parts.window_key')
        .onRef('budget_windows.unit', '=', 'reservation_parts.unit'),
    )
    .select(['reservations.decision_id', 'state', 'used', 'reserved'])
    .execute();
  await ledger.close();
  return { rows, used: rows[0]?.used, reserved: rows[0]?.reserved };
}

describe('a process killed in the middle of its work', { timeout: PATIENCE_MS }, () => {
  test('has lost nothing that it acknowledged, and doubled nothing, however often it happens', async () => {
    const url = await ledgerUrl();
    const limit = 1n << 60n;

    const reserved: string[] = [];
    const settled: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      const died = await run(url, { name, limit, count: 1_000_000, killAfterLines: 150 });
      expect(died).toMatchObject({ signal: 'SIGKILL', errors: '' });
      reserved.push(...died.reserved);
      settled.push(...died.settled);
    }

    const found = await contents(url);
    const states = new Map(found.rows.map(({ decision_id, state }) => [decision_id, state]));
    expect(reserved.length).toBeGreaterThan(200);
    expect(reserved.filter((id) => !states.has(id))).toEqual([]);
    expect(settled.filter((id) => states.get(id) !== 'settled')).toEqual([]);
    const open = found.rows.filter(({ state }) => state === 'open').length;
    expect(found.used).toBe(5n * BigInt(found.rows.length - open));
    expect(found.reserved).toBe(7n * BigInt(open));
  });

  test('leaves reservations that the next start can list and charge', async () => {
    const url = await ledgerUrl();
    const died = await run(url, { name: 'p', limit: 1n << 60n, count: 1_000_000, killAfterLines: 50 });

    const before = await contents(url);
    const ledger = await openLedger(url);
    const budgets = createBudgets({ ledger });
    const unsettled = await budgets.unsettled();
    const assumed = await budgets.repair(noon + 60_000);
    await ledger.close();
    const after = await contents(url);

    expect(died.signal).toBe('SIGKILL');
    expect(assumed.map(({ decisionId }) => decisionId).sort()).toEqual(
      unsettled.map(({ decisionId }) => decisionId).sort(),
    );
    expect(after).toMatchObject({ used: (before.used ?? 0n) + (before.reserved ?? 0n), reserved: 0n });
  });
});

describe('several processes on one ledger', { timeout: PATIENCE_MS }, () => {
  test('make the tables of a new ledger once, all opening it together', async () => {
    const openers = [1, 2, 3].map(() => startOpener());

    for (let round = 0; round < 10; round += 1) {
      const url = await ledgerUrl();
      const answers = await Promise.all(openers.map((open) => open(url)));

      expect(answers).toEqual(['opened', 'opened', 'opened']);
    }
  });

  test('keep one limit together', async () => {
    const url = await ledgerUrl();
    const limit = 1000n;

    const runs = await Promise.all(['a', 'b', 'c'].map((name) => run(url, { name, limit, count: 100 })));

    const found = await contents(url);
    expect(runs.map(({ errors, signal }) => [errors, signal])).toEqual([
      ['', null],
      ['', null],
      ['', null],
    ]);
    const settled = runs.flatMap((one) => one.settled);
    expect(found.rows).toHaveLength(settled.length);
    expect(found.used).toBe(5n * BigInt(settled.length));
    expect(found.reserved).toBe(0n);
    // A query is refused where 994 bytes or more are taken, seven by each; those come to five each in the end.
    expect(settled.length).toBeGreaterThanOrEqual(142);
    expect(settled.length).toBeLessThanOrEqual(199);
  });
});
