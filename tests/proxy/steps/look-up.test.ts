import { describe, expect, test } from 'vitest';
import { createBudgets } from '../../../src/budget/budgets.ts';
import { createRoutineDefinitions } from '../../../src/estimate/definitions/routine-definitions.ts';
import { createTableDefinitions } from '../../../src/estimate/definitions/table-definitions.ts';
import type { LedgerReader } from '../../../src/ledger/ledger.ts';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import type { Priced } from '../../../src/proxy/passage.ts';
import { readJobRequest } from '../../../src/proxy/request/job/query-job.ts';
import { type FactStages, lookUp } from '../../../src/proxy/steps/look-up.ts';
import { createFingerprintHistories } from '../../../src/records/history/fingerprint-history.ts';
import { readSql } from '../../../src/sql/read-sql.ts';
import { UNTRACED } from '../../../src/tracing/tracing.ts';
import { asker } from '../../estimate/builders.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { type LittleServer, littleServer, sendJson } from '../../little-server.ts';
import { PRICING, policyOf, question, TEAMS } from '../../policy/builders.ts';
import { enter } from '../../records/journal/entries.ts';

const SQL = 'SELECT a FROM tickets';
const BUDGETS = `
budgets:
  - { name: day, team: atendimento, window: day, limit: 20 GiB }
  - { name: other, team: finops, window: day, limit: 1 GiB }
`;

/** A priced query of team atendimento, under a policy whose one rule has this condition. */
function priced(condition: string): Priced {
  const rule = `rules: [{ name: r, mode: audit, when: ${JSON.stringify(condition)} }]\n`;
  const policy = policyOf({ 'a.yaml': `${TEAMS}${PRICING}${BUDGETS}${rule}` });
  const request = readJobRequest('jobs.query', 'p', Buffer.from(JSON.stringify({ query: SQL })));
  if (request.kind !== 'query') throw new Error('no query');
  return {
    ...question(policy, { sql: SQL }),
    id: 'd-1',
    wasReadInTime: true,
    arrivedAt: 0,
    job: request.job,
    sql: SQL,
    remarkLabels: {},
    asker: asker('ana'),
    gone: new AbortController().signal,
    hints: { tool: null, person: null, dashboard: null, card: null },
    policy,
    trace: UNTRACED,
    estimateSource: 'dry run',
    models: 'none',
    tariff: { model: 'on demand', currency: 'USD', microsPerTib: 1n },
    slotMs: 0n,
  };
}

/** The sources that facts are looked up in: a small warehouse and a ledger. */
async function stages(
  read: LedgerReader,
): Promise<FactStages & { readonly warehouse: LittleServer; ledgerErrors(): Promise<unknown> }> {
  const warehouse = await littleServer((response) =>
    sendJson(response, 200, { type: 'TABLE', timePartitioning: { type: 'DAY', field: 'opened_at' } }),
  );
  const metrics = createMetrics();
  const asking = { upstream: warehouse.url, timeoutMs: 5000, ttlMs: 60_000, maxEntries: 10 };
  return {
    warehouse,
    definitions: createTableDefinitions(asking),
    routines: createRoutineDefinitions(asking),
    reader: {
      read: async (sql, defaults) => ({ reading: readSql(sql, defaults), outcome: 'polyglot' }),
    },
    estimates: { principalOf: () => null },
    histories: createFingerprintHistories({
      ledger: { read },
      maxEntries: 10,
      onError: () => metrics.ledgerErrors.inc({ operation: 'history' }),
    }),
    budgets: createBudgets({ ledger: { read } }),
    metrics,
    async ledgerErrors() {
      const { values } = await metrics.ledgerErrors.get();
      return Object.fromEntries(values.map(({ labels, value }) => [labels.operation, value]));
    },
  };
}

/** A ledger reader that calls this function instead of reading. */
function readerThat(act: () => unknown): LedgerReader {
  return new Proxy({} as LedgerReader, { get: () => act });
}

const EVERYTHING =
  'history.runs > 1 || budget("day").share > 0.5 || budget("other").covers || query.tables[0].partition_filter';

describe('the lookup of facts', () => {
  test('reads neither warehouse nor ledger if no rule needs it', async () => {
    const touched = readerThat(() => expect.unreachable('the ledger was read'));
    const around = await stages(touched);

    const background = await lookUp(priced('query.star'), around);

    expect(background).toEqual({ definitions: new Map() });
    expect(around.warehouse.seen).toEqual([]);
    expect(await around.ledgerErrors()).toEqual({});
  });

  test('finds definitions, history, and those budgets named by rules that cover the query', async () => {
    const ledger = await freshLedger();
    const one = priced(EVERYTHING);
    await enter(ledger, {
      decision: { fingerprint: one.reading.fingerprint },
      settlement: { source: 'response', currency: 'USD' },
    });

    const background = await lookUp(one, await stages(ledger.read));

    expect([...(background.definitions ?? [])]).toEqual([
      ['guardrail-demo.atendimento.tickets', expect.objectContaining({ partitionColumn: 'opened_at' })],
    ]);
    expect(background.history).toMatchObject({ runs: 1 });
    expect(background.balances?.map(({ budget }) => budget.name)).toEqual(['day']);
  });

  test('looks behind the names that may be views, if a rule asks for what they call', async () => {
    const around = await stages(readerThat(() => expect.unreachable('the ledger was read')));
    const view = { type: 'VIEW', view: { query: "SELECT AI.GENERATE('x')", useLegacySql: false } };
    const warehouse = await littleServer((response) => sendJson(response, 200, view));
    const definitions = createTableDefinitions({
      upstream: warehouse.url,
      timeoutMs: 5000,
      ttlMs: 60_000,
      maxEntries: 10,
    });

    const { hiddenCalls } = await lookUp(priced('query.outside_services != []'), { ...around, definitions });

    expect(hiddenCalls).toMatchObject({ functions: ['AI.GENERATE'], unread: [] });
    expect(warehouse.seen).toHaveLength(1);
  });

  test('goes on without history and balances if the ledger fails, and counts the errors', async () => {
    const around = await stages(
      readerThat(() => {
        throw new Error('down');
      }),
    );

    const background = await lookUp(priced(EVERYTHING), around);

    expect(Object.keys(background)).toEqual(['definitions']);
    expect(await around.ledgerErrors()).toEqual({ history: 1, balances: 1 });
  });

  test('goes on without history and balances if the ledger hangs, and counts the errors', async () => {
    // Every property and call returns the proxy itself, and awaiting it never ends.
    const hanging: unknown = new Proxy(() => undefined, {
      get: (_target, name) => (name === 'then' ? () => undefined : hanging),
      apply: () => hanging,
    });
    const around = await stages(hanging as LedgerReader);

    const background = await lookUp(priced(EVERYTHING), around);

    expect(Object.keys(background)).toEqual(['definitions']);
    expect(await around.ledgerErrors()).toEqual({ history: 1, balances: 1 });
  });
});
