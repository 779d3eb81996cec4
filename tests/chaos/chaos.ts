import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { createProxy, type ProxyProcess } from '../e2e/proxy-process.ts';
import { startPostgres } from '../ledger/postgres/server.ts';
import { ledgerFigures, taken } from './figures.ts';
import { billedByWarehouse, type Counts, sendTraffic, settleOrphans } from './traffic.ts';

/*
 * The ledger's kill test: several proxies on one PostgreSQL, a budget that holds a third of the queries, processes
 * killed at random and started again. The budget is watched all along; at rest the books are held against the jobs.
 */
const { values } = parseArgs({
  options: {
    queries: { type: 'string', default: '3000' },
    proxies: { type: 'string', default: '4' },
    'kill-every': { type: 'string', default: '2' },
  },
});
const queries = Number(values.queries);
const killEveryMs = Number(values['kill-every']) * 1000;

const PRINCIPAL = 'metabase-chaos@guardrail-demo.iam.gserviceaccount.com';
const BUDGET = 'chaos-month';
/** What the smallest query is billed. */
const QUERY_BYTES = 10n << 20n;
const LIMIT = (BigInt(queries) / 3n) * QUERY_BYTES;

const POLICY = `version: 1
teams:
  - { name: chaos, principals: ["${PRINCIPAL}"] }
budgets:
  - { name: ${BUDGET}, team: chaos, window: month, limit: ${LIMIT} B }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`;

/** Looks at the budget until it is told to stop, and returns the most that it ever held. */
async function watchBudget(ledger: Ledger, stopped: AbortSignal): Promise<{ most: bigint; looks: number }> {
  let [most, looks] = [0n, 0];
  while (!stopped.aborted) {
    const now = await taken(ledger, BUDGET);
    if (now > most) most = now;
    looks += 1;
    await sleep(20);
  }
  return { most, looks };
}

/** Kills one proxy after another, at random, and starts it again; returns how many were killed. */
async function killAtRandom(proxies: readonly ProxyProcess[], stopped: AbortSignal): Promise<number> {
  let kills = 0;
  while (!stopped.aborted) {
    await sleep(killEveryMs * (0.5 + Math.random()), undefined, { signal: stopped }).catch(() => undefined);
    const victim = proxies[Math.floor(Math.random() * proxies.length)];
    if (victim === undefined || stopped.aborted) break;
    await victim.kill();
    kills += 1;
    await victim.start();
  }
  return kills;
}

async function reconcile(sandbox: Sandbox, ledgerUrl: string, policies: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      'src/main.ts',
      'reconcile',
      ...['--endpoint', sandbox.url, '--token', `sandbox:${PRINCIPAL}`, '--project', 'guardrail-demo'],
      ...['--from', new Date(Date.now() - 86_400_000).toISOString(), '--to', new Date().toISOString()],
      ...['--lag', '0'],
      '--write-corrections',
    ],
    { env: { PATH: process.env['PATH'], GUARDRAIL_LEDGER: ledgerUrl, GUARDRAIL_POLICIES: policies } },
  ).catch((error: { stdout: string; stderr: string; code: number }) => {
    // It found differences, and corrected them: that is what it is here for.
    if (error.code === 1) return { stdout: error.stdout };
    throw new Error(`reconcile failed: ${error.stderr}`);
  });
  return stdout;
}

function print(figures: Readonly<Record<string, number | bigint>>): void {
  console.log('\n| | |\n|---|---:|');
  for (const [name, value] of Object.entries(figures))
    console.log(`| ${name} | ${new Intl.NumberFormat('en').format(value)} |`);
}

async function run(sandbox: Sandbox, ledgerUrl: string, policies: string, folder: string): Promise<boolean> {
  const ledger = await openLedger(ledgerUrl);
  const proxies = await Promise.all(
    Array.from({ length: Number(values.proxies) }, (_, i) =>
      createProxy({
        GUARDRAIL_UPSTREAM: sandbox.url,
        GUARDRAIL_TOKEN_INFO_URL: '',
        GUARDRAIL_POLICIES: policies,
        GUARDRAIL_LEDGER: ledgerUrl,
        GUARDRAIL_LEDGER_SPOOL: join(folder, `spool-${i}.jsonl`),
      }),
    ),
  );
  for (const proxy of proxies) await proxy.start();
  const stop = new AbortController();
  const watching = watchBudget(ledger, stop.signal);
  const killing = killAtRandom(proxies, stop.signal);
  const counts: Counts = await sendTraffic(proxies, PRINCIPAL, queries);
  stop.abort();
  const [{ most, looks }, kills] = [await watching, await killing];
  const left = (await ledgerFigures(ledger, BUDGET)).openReservations;
  await settleOrphans(proxies, PRINCIPAL, async () => (await ledgerFigures(ledger, BUDGET)).openReservations);
  const unheardOf = (await ledgerFigures(ledger, BUDGET)).openReservations;
  for (const proxy of proxies) await proxy.stop();
  console.log(await reconcile(sandbox, ledgerUrl, policies));
  const rest = await ledgerFigures(ledger, BUDGET);
  const warehouse = await billedByWarehouse(sandbox, PRINCIPAL);
  await ledger.close();

  print({
    'proxies on one PostgreSQL': proxies.length,
    'queries sent': queries,
    'processes killed': kills,
    'answered with a result': counts.passed,
    'refused by the budget': counts.refused,
    'cut off by a kill': counts.cutOff,
    'answered otherwise': counts.other,
    'looks at the budget': looks,
    'limit, bytes': LIMIT,
    'most ever used and reserved, bytes': most,
    'reservations that kills left open': left,
    'of these never forwarded, so corrected to nothing': unheardOf,
    'at rest: reserved, bytes': rest.reserved,
    'at rest: used, bytes': rest.used,
    'at rest: settled, bytes': rest.settledBytes,
    "the warehouse's jobs: billed, bytes": warehouse.bytes,
    "the warehouse's jobs": warehouse.jobs,
    'jobs charged twice': rest.chargedTwice,
  });
  return (
    most <= LIMIT &&
    rest.reserved === 0n &&
    rest.used === warehouse.bytes &&
    rest.settledBytes === warehouse.bytes &&
    rest.chargedTwice === 0 &&
    kills > 0 &&
    counts.refused > 0
  );
}

const folder = await mkdtemp(join(tmpdir(), 'guardrail-chaos-'));
const policies = await mkdtemp(join(folder, 'policies-'));
await writeFile(join(policies, 'chaos.yaml'), POLICY);
const postgres = await startPostgres();
const sandbox = await startSandbox({ port: 0, messages: 2_000 });
try {
  const holds = await run(sandbox, postgres.url, policies, folder);
  console.log(
    holds ? '\nThe limit held, and the books are the warehouse’s to the byte.' : '\nIT DOES NOT HOLD.',
  );
  process.exitCode = holds ? 0 : 1;
} finally {
  await sandbox.close();
  await postgres.remove();
  await rm(folder, { recursive: true, force: true });
}
