import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test, vi } from 'vitest';
import { endpoints } from '../../src/ops/api/api.ts';
import { useHouse } from './guardrail.ts';

/** Tables with rows for each query. After a year, SQLite takes minutes to read one from end to end, on this thread. */
const GROWING = [
  'decisions',
  'decision_tables',
  'settlements',
  'reservations',
  'reservation_parts',
  'journal',
];

const PAGES = ['/', '/decisions', '/decisions/{id}', '/budgets', '/grants', '/rules', '/tables', '/health'];

const READ = endpoints.filter(({ method, path }) => method === 'get' && !path.endsWith('/stream'));

const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
const house = useHouse();
afterAll(() => prepare.mockRestore());

test('the thread that guards queries sums up no spend: a month of it would keep them waiting', async () => {
  // A statement is prepared once, so nothing may have asked before.
  prepare.mockClear();

  await house.ops('/api/v1/spend?by=team,card');
  await house.ops('/api/v1/catalog?from=2026-01-01');

  const statements = prepare.mock.calls.map(([statement]) => statement);
  expect(statements.filter((statement) => statement.includes('"settlements"'))).toEqual([]);
});

test('and it reads no table of queries whole, whatever it is asked', async () => {
  await house.client().query('SELECT COUNT(status) AS n FROM atendimento.tickets');
  const { decisions } = await house.ops('/api/v1/decisions?team=atendimento');
  const paths = [...READ.map(({ path }) => `/api/v1${path}`), '/metrics', '/readyz', ...PAGES];

  for (const path of paths) {
    const answer = await fetch(house.guardrail().opsUrl + path.replace('{id}', decisions[0].id));
    expect(`${path} ${answer.status}`).toBe(`${path} 200`);
  }

  const statements = new Set(prepare.mock.calls.map(([statement]) => statement));
  expect([...statements].filter((statement) => statement.includes('"decisions"'))).not.toEqual([]);
  expect([...statements].filter(readsWholeTable)).toEqual([]);
});

/** With an index in order, a statement stops at its limit. Without one, or over all of a covering one, it does not. */
function readsWholeTable(statement: string): boolean {
  using ledger = new DatabaseSync(house.ledger().replace(/^sqlite:/, ''), { readOnly: true });
  if (!/^(select|with|insert|update|delete) /i.test(statement)) return false;
  // Tables of other databases, such as the lock of the spool.
  if (!GROWING.some((table) => statement.includes(`"${table}"`))) return false;
  const plan = ledger.prepare(`EXPLAIN QUERY PLAN ${statement}`).all();
  return plan.some(({ detail }) => WHOLE.test(String(detail)));
}

const WHOLE = new RegExp(`^SCAN (${GROWING.join('|')})( USING COVERING INDEX .*)?$`);
