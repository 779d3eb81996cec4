import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AuditRun, runAudit } from '../../src/commands/audit/run.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { asBilled, cardIn, cost, dashboardIn, names } from './audit-figures.ts';
import { ATENDIMENTO, FINOPS, PROJECT, useHouse } from './guardrail.ts';

const house = useHouse({ sandbox: { messages: 400_000 } });
const RUNS = 10n * 22n;

async function audit(path: string, changes: Partial<AuditRun> = {}, policies = house.policies()) {
  const environment = { GUARDRAIL_POLICIES: policies, GUARDRAIL_UPSTREAM: house.sandbox().url };
  return runAudit(
    path,
    {
      as: 'atendimento',
      language: 'en',
      viewsPerDay: 10,
      daysPerMonth: 22,
      hoursPerDay: 10,
      autoRefresh: new Map(),
      project: PROJECT,
      token: `sandbox:${ATENDIMENTO}`,
      concurrency: 4,
      retries: 2,
      ...changes,
    },
    { environment },
  );
}

/** What a hand-written query is billed, worked out independently from the sandbox's own dry run and BigQuery's rule. */
async function billed(sql: string): Promise<bigint> {
  const [job] = await house.direct().createQueryJob({ query: sql, dryRun: true, useQueryCache: false });
  const { totalBytesProcessed, referencedTables } = job.metadata.statistics.query;
  return asBilled(BigInt(totalBytesProcessed), referencedTables.length);
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

/** The queries that the cards of "Mesa de mensagens" send when it is opened, written by hand. */
const SEARCH = 'SELECT ticket_id, sender, body, created_at FROM atendimento.messages';
const mesa = [
  'SELECT * FROM atendimento.messages',
  `${SEARCH} WHERE created_at >= '${daysAgo(7)}' AND created_at < '${daysAgo(0)}'`,
  'SELECT channel FROM atendimento.tickets',
  'SELECT t.channel, m.ticket_id FROM atendimento.messages AS m JOIN atendimento.tickets AS t USING (ticket_id)',
];

describe.each(['examples/metabase/export', 'examples/metabase/api'])('an audit of %s', (path) => {
  test('prices a dashboard as the sum of the queries its cards send when it is opened, counted independently', async () => {
    const { report } = await audit(path);

    const bytes = await Promise.all(mesa.map(billed));
    const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);
    const found = dashboardIn(report, 'Mesa de mensagens');
    expect(found.perView).toEqual({ bytesBilled: sum(bytes), micros: sum(bytes.map(cost)) });
    expect(found.perMonth).toEqual({ bytesBilled: sum(bytes) * RUNS, micros: sum(bytes.map(cost)) * RUNS });
    expect(found.worstPerView.bytesBilled).toBe(sum(bytes) - (bytes[1] ?? 0n) + (await billed(SEARCH)));
    expect(report.dashboards[0]?.name).toBe('Mesa de mensagens');
    const month = report.dashboards.map(({ perMonth }) => perMonth.micros);
    expect(report.total.monthMicros).toBe(sum(month));
  });

  test('prices a runaway card at the whole table, and says that the rules refuse it, as the proxy does', async () => {
    const { report } = await audit(path);

    const [table] = await house.direct().dataset('atendimento').table('messages').getMetadata();
    const runaway = cardIn(report, 'Últimas mensagens');
    expect(runaway.perRun?.bytesBilled).toBe(asBilled(BigInt(table.numBytes), 1));
    expect(runaway.rules).toContainEqual(
      expect.objectContaining({ rule: 'no-star-over-messages', mode: 'deny' }),
    );
    expect(runaway.antiPatterns).toEqual(expect.arrayContaining(['select-star', 'no-partition-filter']));
    expect(report.total.refusedCards).toBe(1);
    const refused = house
      .client()
      .query('SELECT * FROM atendimento.messages ORDER BY created_at DESC LIMIT 100');
    await expect(refused).rejects.toThrow(/no-star-over-messages/);
  });

  test('maps legacy tables to their replacements, and to the cards that read them', async () => {
    const { report } = await audit(path);

    const map = report.legacyTables.map(({ table, replacement, cards }) => [
      table,
      replacement,
      names(report, cards),
    ]);
    expect(new Set(map)).toEqual(
      new Set([
        [
          'guardrail-demo.atendimento.legacy_messages_export',
          'guardrail-demo.atendimento.messages',
          ['Mensagens exportadas por remetente'],
        ],
        [
          'guardrail-demo.atendimento.tickets_2024_backup',
          'guardrail-demo.atendimento.tickets',
          ['Tickets de 2024 por situação'],
        ],
        [
          'guardrail-demo.finops.legacy_reconciliation_sheet',
          'guardrail-demo.finops.reconciliation_daily',
          ['Planilha de conciliação'],
        ],
      ]),
    );
  });

  test('finds the copied card, and the two cards that compute the same KPI in other words', async () => {
    const { report } = await audit(path);

    expect(report.duplicates.map(({ same, cards }) => [same, names(report, cards)])).toEqual(
      expect.arrayContaining([
        ['query', ['Tickets por canal', 'Tickets por canal (cópia da Ana)']],
        ['KPI', ['Entradas do mês por forma de pagamento', 'Recebido por método']],
      ]),
    );
    expect(report.duplicates).toHaveLength(2);
  });

  test('lists cards without a price with the reason, and leaves out only archived ones', async () => {
    const { report } = await audit(path);

    expect(report.cards).toHaveLength(16);
    expect(cardIn(report, 'Satisfação por agente (quebrado)')).toMatchObject({
      state: 'failed',
      why: expect.stringMatching(/^invalidQuery: .*agent_name/),
    });
    expect(cardIn(report, 'Volume por dia')).toMatchObject({
      state: 'not SQL',
      sources: ['atendimento.tickets'],
    });
    expect(report.cards.filter(({ state }) => state === 'priced')).toHaveLength(14);
    expect(report.notUnderstood).toEqual([]);
  });
});

describe('an audit', () => {
  test("applies the rules of the team named with --as: FinOps' own rule refuses cards without a partition filter", async () => {
    const { report } = await audit('examples/metabase/export', { as: FINOPS, token: `sandbox:${FINOPS}` });

    const held = report.cards.filter(({ rules }) =>
      rules.some(({ rule }) => rule === 'finops-partition-filter'),
    );
    expect(report.team).toBe('FinOps');
    expect(held.map(({ name }) => name)).toEqual(['Recebido por método']);
    expect(report.total.refusedCards).toBe(0);
  });

  test('asks about a principal of the team named with --as, and says which: a rule may name it', async () => {
    const folder = await temporaryFolder();
    await cp(house.policies(), folder, { recursive: true });
    const rule =
      '{ name: of-metabase, mode: warn, when: caller.principal.startsWith("metabase-"), message: Costly. }';
    await writeFile(join(folder, 'own.yaml'), `version: 1\nrules: [${rule}]\n`);

    const { report, text } = await audit('examples/metabase/export', {}, folder);

    expect(report.principal).toBe(ATENDIMENTO);
    expect(text).toContain(`The rules were asked about ${ATENDIMENTO}, of Atendimento.`);
    const priced = report.cards.filter(({ state }) => state === 'priced');
    expect(priced.map(({ rules }) => rules.some((hit) => hit.rule === 'of-metabase'))).toEqual(
      priced.map(() => true),
    );
  });

  test("counts cached results: with Metabase's cache of six hours, a card runs twice in ten hours", async () => {
    const { report } = await audit('examples/metabase/api', { viewsPerDay: 100 });

    const runs = dashboardIn(report, 'Conciliação').cards.map(({ card, runsPerMonth }) => [
      names(report, [card])[0],
      runsPerMonth,
    ]);
    expect(new Map(runs.map(([name, many]) => [name, many]))).toEqual(
      new Map([
        ['Conciliação diária por gestora', 44],
        ['Recebido por método', 44],
        ['Entradas do mês por forma de pagamento', 44],
        // Its own cache policy is a schedule, which the audit does not count.
        ['Planilha de conciliação', 2200],
      ]),
    );
  });

  test('also prices a folder of SQL files', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'all.sql'), 'SELECT * FROM messages [[WHERE created_at >= {{since}}]]');
    await writeFile(join(folder, 'some.sql'), 'SELECT channel FROM tickets');

    const { report } = await audit(folder, { dataset: 'atendimento' });

    const expected =
      (await billed('SELECT * FROM atendimento.messages')) +
      (await billed('SELECT channel FROM atendimento.tickets'));
    expect(report.dashboards).toMatchObject([{ name: '.', perView: { bytesBilled: expected } }]);
    expect(cardIn(report, 'all.sql').rules.map(({ rule }) => rule)).toContain('no-star-over-messages');
  });

  test('writes a page, JSON and CSV files, and a summary', async () => {
    const folder = await temporaryFolder();

    const { report, text, written } = await audit('examples/metabase/api', {
      out: folder,
      language: 'pt-BR',
    });

    const files = (await readdir(folder)).sort();
    expect(written.map((path) => path.slice(folder.length + 1)).sort()).toEqual(files);
    expect(files).toEqual([
      'audit-cards.csv',
      'audit-dashboards.csv',
      'audit-duplicates.csv',
      'audit-legacy-tables.csv',
      'audit.html',
      'audit.json',
    ]);
    const page = await readFile(join(folder, 'audit.html'), 'utf8');
    expect(page).toContain('<html lang="pt-BR">');
    for (const { name } of report.cards) expect(page).toContain(name);
    expect(page).not.toMatch(/(src|href)="/);
    const json = JSON.parse(await readFile(join(folder, 'audit.json'), 'utf8'));
    expect(json.dashboards[0].perView.bytesBilled).toBe(String(report.dashboards[0]?.perView.bytesBilled));
    expect(await readFile(join(folder, 'audit-cards.csv'), 'utf8')).toContain('no-star-over-messages (deny)');
    expect(text).toContain('Satisfação por agente (quebrado): the warehouse rejected it: invalidQuery');
  });

  test.each([
    ['the path does not exist', 'examples/nothing', {}, /There is nothing to audit at examples\/nothing/],
    [
      'no policy defines the team',
      'examples/metabase/api',
      { as: 'vendas' },
      /No policy file defines a team "vendas"/,
    ],
    [
      'the warehouse rejects the credentials',
      'examples/metabase/api',
      { token: 'nobody' },
      /so nothing is priced\. .*invalid authentication/,
    ],
    [
      'the folder is not a Metabase export',
      'dashboards/prometheus',
      {},
      /YAML files is a card: expected files with "serdes\/meta"/,
    ],
  ])('fails with the reason where %s', async (_why, path, changes, message) => {
    await expect(audit(path, changes)).rejects.toThrow(message);
  });
});
