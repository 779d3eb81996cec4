import { expect, test } from 'vitest';
import { gatherMonth, gatherSheets } from '../../../src/service/questions/gather-month.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { enter } from '../../records/journal/entries.ts';

const november = { month: '2026-11', timeZone: 'UTC', nowMs: Date.UTC(2026, 10, 28) };

test('a dashboard or card with the same name in two teams is ranked for each, with its tool and team', async () => {
  const ledger = await freshLedger();
  await enter(ledger, { decision: { id: 'a' }, settlement: { cost_micros: 5n } });
  await enter(ledger, { decision: { id: 'b', team: 'finops' }, settlement: { cost_micros: 9n } });

  const { sections } = await gatherMonth(ledger.read, november);

  const ranked = { detail: 'metabase', isAccount: false, sql: null };
  expect(sections[0]?.rankings.dashboard.first).toMatchObject([
    { ...ranked, name: '3', team: 'finops', costMicros: 9n },
    { ...ranked, name: '3', team: 'atendimento', costMicros: 5n },
  ]);
  expect(sections[0]?.rankings.card.first).toMatchObject([{ team: 'finops' }, { team: 'atendimento' }]);
});

test('the sheets hold each day apart', async () => {
  const ledger = await freshLedger();
  await enter(ledger, { decision: { id: 'a' } });
  await enter(ledger, { decision: { id: 'b', at_ms: BigInt(Date.UTC(2026, 10, 25)) } });

  const sheets = await gatherSheets(ledger.read, november);

  const days = ['2026-11-24', '2026-11-25'];
  const person = ['12', 'bi@guardrail-demo.iam.gserviceaccount.com', 'metabase'];
  expect(sheets).toMatchObject([
    { name: 'by-team-and-day', daily: days.map((day) => ({ day, keys: ['atendimento', day] })) },
    { name: 'by-team-dashboard-card', daily: days.map((day) => ({ day, keys: ['atendimento', '3', '7'] })) },
    { name: 'by-person', daily: days.map((day) => ({ day, keys: person })) },
  ]);
});
