import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { startGuardrail } from '../../src/service/guardrail.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { fillLedger } from './fill-ledger.ts';

/**
 * What the console's pages take over a ledger of many decisions in the running month: how long each waits, how long
 * until its sums are there, how long all that keeps other work from the thread that guards queries.
 * `node tests/bench/console.ts [DECISIONS] [LEDGER]`: a ledger that an earlier run filled is not filled again.
 */
const decisions = Number(process.argv[2] ?? 1_000_000);
const PATHS = [
  '/',
  '/decisions',
  '/decisions?team=team-3&outcome=refused',
  '/budgets',
  '/rules',
  '/tables',
  '/health',
];
const MAX_MS = 600_000;

const folder = await mkdtemp(join(tmpdir(), 'guardrail-bench-'));
const path = process.argv[3] ?? join(folder, 'ledger.db');
const nowMs = Date.now();
const days = Math.max(1, new Date(nowMs).getUTCDate() - 1);

if (!existsSync(path)) {
  await fillLedger({ path, decisions, days, toMs: nowMs - 60_000, keepsSql: true, idOf: () => randomUUID() });
}
await cp('policies', join(folder, 'policies'), { recursive: true });
const parsed = parseSettings({
  listen: '127.0.0.1:0',
  ops_listen: '127.0.0.1:0',
  upstream: 'http://127.0.0.1:9',
  policies: join(folder, 'policies'),
  ledger: `sqlite:${path}`,
  ledger_spool: join(folder, 'spool.jsonl'),
});
if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
const guardrail = await startGuardrail(parsed.settings, pino({ level: 'silent' }));

async function viewed(page: string) {
  const startedAt = performance.now();
  const answer = await fetch(guardrail.opsUrl + page, { headers: { 'accept-encoding': 'gzip' } });
  const text = await answer.text();
  return { ms: performance.now() - startedAt, isPartial: text.includes('data-soon'), status: answer.status };
}

console.log(`${decisions} decisions in ${days} days\n`);
console.log('| page | first view | until its sums are there | with them | other work waits at most |');
console.log('|---|---:|---:|---:|---:|');
for (const page of PATHS) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const first = await viewed(page);
  const startedAt = performance.now();
  let last = first;
  while (last.isPartial && performance.now() - startedAt < MAX_MS) {
    await sleep(250);
    last = await viewed(page);
  }
  const summedMs = first.isPartial ? performance.now() - startedAt : 0;
  const again = await viewed(page);
  delay.disable();
  console.log(
    `| \`${page}\` | ${first.ms.toFixed(0)} ms | ${(summedMs / 1000).toFixed(1)} s | ${again.ms.toFixed(0)} ms | ${(delay.max / 1e6).toFixed(0)} ms |`,
  );
}
await guardrail.close();
await rm(folder, { recursive: true });
