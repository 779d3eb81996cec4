import { describe, expect, test } from 'vitest';
import { asBilled, cardIn, cost, dashboardIn, names } from './audit-figures.ts';
import { useAudits } from './audits.ts';

const { house, audit, billed } = useAudits();
const RUNS = 10n * 22n;

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
