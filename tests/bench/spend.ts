import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openLedger } from '../../src/ledger/ledger.ts';
import { spendBy } from '../../src/records/spend/spend-by.ts';
import type { SpendKey } from '../../src/records/spend/spend-query.ts';
import { fillLedger } from './fill-ledger.ts';

/**
 * What spend over a month of many decisions takes: seconds by the clock and of the processor, and how long it keeps
 * other work from the thread. `node tests/bench/spend.ts [DECISIONS] [random]`: `random` gives decisions IDs that do
 * not go up with time.
 */
const decisions = Number(process.argv[2] ?? 1_000_000);
const random = process.argv[3] === 'random';
const folder = await mkdtemp(join(tmpdir(), 'guardrail-bench-'));
const path = join(folder, 'ledger.db');
const toMs = Date.UTC(2026, 11, 1);

/** An ID that goes up with time, as a UUID of version 7 does. */
function rising(_i: number, atMs: number): string {
  const time = atMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

await fillLedger({
  path,
  decisions,
  days: 30,
  toMs,
  keepsSql: true,
  idOf: random ? () => randomUUID() : rising,
});
console.log(`${((await stat(path)).size / decisions).toFixed(0)} bytes for each decision`);

const ledger = await openLedger(`sqlite:${path}`);
const keys: readonly (readonly SpendKey[])[] = [['team'], ['fingerprint'], ['table'], ['team', 'day']];
for (const by of keys) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const before = process.cpuUsage();
  const rows = await spendBy(ledger.read, { by, fromMs: 0, toMs, timeZone: 'America/Sao_Paulo' });
  const { user, system } = process.cpuUsage(before);
  delay.disable();
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `by ${by.join(',')}: ${rows.length} rows in ${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of the processor; ` +
      `other work waits ${(delay.percentile(50) / 1e6).toFixed(0)} ms at p50, ${(delay.max / 1e6).toFixed(0)} ms at most`,
  );
}
await ledger.close();
await rm(folder, { recursive: true });
