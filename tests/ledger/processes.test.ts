import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createBudgets } from '../../src/budget/budgets.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { budget, noon, temporaryFolder } from '../budget/builders.ts';

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
async function run(path: string, { name, limit, count, killAfterLines = Infinity }: Run) {
  const child = spawn(process.execPath, [reservingScript, path, name, `${limit}`, `${count}`]);
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
function startOpener(): (path: string) => Promise<string> {
  const child = spawn(process.execPath, [openingScript]);
  onTestFinished(() => {
    child.kill();
  });
  const answers = createInterface({ input: child.stdout });
  return async (path) => {
    const answer = once(answers, 'line');
    child.stdin.write(`${path}\n`);
    const [line] = await answer;
    return String(line);
  };
}

/** What the file holds: each reservation's state, and how the budget stands. */
async function contents(path: string) {
  const ledger = await openLedger(`sqlite:${path}`);
  const rows = await ledger.read
    .selectFrom('reservations')
    .innerJoin('reservation_parts', 'reservation_parts.decision_id', 'reservations.decision_id')
    .select(['reservations.decision_id', 'state', 'amount', 'settled_amount'])
    .execute();
  const [balance] = await createBudgets({ ledger }).balances([budget()], noon);
  await ledger.close();
  return { rows, used: balance?.used, reserved: balance?.reserved };
}

describe('a process killed in the middle of its work', { timeout: PATIENCE_MS }, () => {
  test('has lost nothing that it acknowledged, and doubled nothing, however often it happens', async () => {
    const path = join(await temporaryFolder(), 'ledger.db');
    const limit = 1n << 60n;

    const reserved: string[] = [];
    const settled: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      const died = await run(path, { name, limit, count: 1_000_000, killAfterLines: 150 });
      expect(died).toMatchObject({ signal: 'SIGKILL', errors: '' });
      reserved.push(...died.reserved);
      settled.push(...died.settled);
    }

    const found = await contents(path);
    const states = new Map(found.rows.map(({ decision_id, state }) => [decision_id, state]));
    expect(reserved.length).toBeGreaterThan(200);
    expect(reserved.filter((id) => !states.has(id))).toEqual([]);
    expect(settled.filter((id) => states.get(id) !== 'settled')).toEqual([]);
    const open = found.rows.filter(({ state }) => state === 'open').length;
    expect(found.used).toBe(5n * BigInt(found.rows.length - open));
    expect(found.reserved).toBe(7n * BigInt(open));
  });

  test('leaves reservations that the next start can list and charge', async () => {
    const path = join(await temporaryFolder(), 'ledger.db');
    const died = await run(path, { name: 'p', limit: 1n << 60n, count: 1_000_000, killAfterLines: 50 });

    const before = await contents(path);
    const ledger = await openLedger(`sqlite:${path}`);
    const budgets = createBudgets({ ledger });
    const unsettled = await budgets.unsettled();
    const assumed = await budgets.repair(noon + 60_000);
    await ledger.close();
    const after = await contents(path);

    expect(died.signal).toBe('SIGKILL');
    expect(assumed.map(({ decisionId }) => decisionId).sort()).toEqual(
      unsettled.map(({ decisionId }) => decisionId).sort(),
    );
    expect(after).toMatchObject({ used: (before.used ?? 0n) + (before.reserved ?? 0n), reserved: 0n });
  });
});

describe('several processes on one file', { timeout: PATIENCE_MS }, () => {
  test('make the tables of a new file once, all opening it together', async () => {
    const folder = await temporaryFolder();
    const openers = [1, 2, 3].map(() => startOpener());

    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all(openers.map((open) => open(join(folder, `${round}.db`))));

      expect(answers).toEqual(['opened', 'opened', 'opened']);
    }
  });

  test('keep one limit together', async () => {
    const path = join(await temporaryFolder(), 'ledger.db');
    const limit = 1000n;

    const runs = await Promise.all(['a', 'b', 'c'].map((name) => run(path, { name, limit, count: 100 })));

    const found = await contents(path);
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
