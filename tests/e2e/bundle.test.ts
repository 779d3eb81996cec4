import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GuardProcess, startGuard } from '../bench/measure/server-process.ts';
import { buildBundle } from './bundle.ts';
import { clientAt, FINOPS, useHouse } from './guardrail.ts';

const house = useHouse({ sandbox: { messages: 1_000 } });
let folder = '';
let guard: GuardProcess | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guardrail-bundle-'));
  const main = await buildBundle(folder);
  guard = await startGuard(
    {
      GUARDRAIL_UPSTREAM: house.sandbox().url,
      GUARDRAIL_POLICIES: house.policies(),
      GUARDRAIL_LEDGER: `sqlite:${join(folder, 'ledger.db')}`,
      GUARDRAIL_LEDGER_SPOOL: join(folder, 'spool.jsonl'),
      GUARDRAIL_TOKEN_INFO_URL: '',
    },
    { main },
  );
});
afterAll(async () => {
  await guard?.stop();
  await rm(folder, { recursive: true, force: true });
});

function started(): GuardProcess {
  if (guard === null) throw new Error('the bundle was not started');
  return guard;
}

const ops = async (path: string) => (await fetch(`${started().opsUrl}${path}`)).text();

describe('the bundle that the container runs', () => {
  test('reads SQL in reader processes of its own, and records which tables a query reads', async () => {
    const sql = 'SELECT COUNT(*) AS n FROM atendimento.agents';

    const [rows] = await clientAt(started().url, FINOPS).query(sql);

    expect(rows).toHaveLength(1);
    const { decisions } = JSON.parse(await ops('/api/v1/decisions?limit=1'));
    expect(decisions).toMatchObject([
      { reading: { reader: 'polyglot', tables: [{ table: { tableId: 'agents' } }] } },
    ]);
  });

  test('serves the console with its stylesheet, and reads the ledger in its own process', async () => {
    const page = await ops('/decisions');

    const style = /\/assets\/console-\w+\.css/.exec(page)?.[0] ?? 'none';
    expect(page).toContain('atendimento.agents');
    expect(await ops(style)).toContain('{');
  });
});
