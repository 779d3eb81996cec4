import { describe, expect, test } from 'vitest';
import { decisionListPage } from '../../../src/console/decisions/list-page.ts';
import { decision, settlement } from '../../records/builders.ts';
import { pageContext } from '../builders.ts';

const context = pageContext('analyst', { url: '/decisions', nowMs: 0 });

type List = Parameters<typeof decisionListPage>[0];

function pageOf(changes: Partial<List>): string {
  const nothing: List = {
    filter: {},
    isFirst: true,
    decisions: [],
    hasMore: false,
    searchedTo: null,
    teams: [],
    rules: [],
  };
  return decisionListPage({ ...nothing, ...changes }, context);
}

test('the list of decisions says how to send the first query while there is none', () => {
  expect(pageOf({})).toContain('No queries yet. Point a BI tool at the proxy, and they appear here.');
});

test('the list of decisions says so when no decision matches the filter', () => {
  expect(pageOf({ filter: { team: 'dados' } })).toContain('No decision matches.');
});

test.each([
  ['nothing', [], 'Nothing found back to Oct 12, 2026, 14:00:00. The search goes on by itself'],
  ['something', [{ ...decision(), settlement: null }], 'Searched back to Oct 12'],
])(
  'a search that stopped for lack of time after it found %s says how far back it got, and goes on from there',
  (_what, decisions, expected) => {
    const page = pageOf({
      filter: { person: 'ana' },
      decisions,
      searchedTo: { atMs: Date.UTC(2026, 9, 12, 14), id: '0' },
    });

    expect(page).toContain(expected);
    expect(page).not.toContain('No decision matches.');
    expect(page).toContain('href="/decisions?person=ana&amp;after=1791813600000.0" rel="next"');
  },
);

test('a search goes on by itself while it has found nothing, and leaves what it has found to be read', () => {
  const searchedTo = { atMs: Date.UTC(2026, 9, 12, 14), id: '0' };

  expect(pageOf({ searchedTo })).toContain('data-go-on="true"');
  expect(pageOf({ searchedTo, decisions: [{ ...decision(), settlement: null }] })).not.toContain(
    'data-go-on',
  );
  expect(pageOf({ filter: { team: 'dados' } })).not.toContain('data-go-on');
});

test('a card with a long hash as its name is shortened in the list', () => {
  const plain = decision();
  const hash = '3946791e0b2c1415505572cf4b4b554a759a8b6eb68f1ce0f88667056337cba5';
  const one = { ...plain, caller: { ...plain.caller, dashboard: null, card: hash }, settlement: null };

  expect(pageOf({ decisions: [one] })).toMatch(/<bdi>Card 3946791e0b2c14155055[0-9a-f]{0,12}…<\/bdi>/);
});

test('a filter for a team or a rule that the policy no longer names stays in the form', () => {
  const page = pageOf({ filter: { team: 'vendas', rule: 'gone' }, teams: ['dados'], rules: [] });

  expect(page).toContain('<option value="vendas" selected>vendas</option>');
  expect(page).toContain('<option value="gone" selected>gone</option>');
});

describe('a row of the list of decisions', () => {
  const ran = { ...decision(), settlement: settlement() };

  test('says who asked for what, from where, and what it came to', () => {
    const page = pageOf({ decisions: [ran] });

    expect(page).toContain('<bdi>metabase 12</bdi>');
    expect(page).toContain('<bdi>Dashboard 3, Card 7</bdi>');
    expect(page).toContain('<code>SELECT subject FROM atendimento.tickets</code>');
    expect(page).toContain('<td>1,000 B</td>\n<td>$0.0001</td>');
  });

  test('says so if the bytes are an estimate', () => {
    const page = pageOf({ decisions: [{ ...ran, settlement: null }] });

    expect(page).toContain('<td>1,000 B<small>Estimate</small></td>');
  });

  test('shows a person without a tool by the name alone', () => {
    const page = pageOf({ decisions: [{ ...ran, caller: { ...ran.caller, tool: null } }] });

    expect(page).toContain('<bdi>12</bdi>');
  });
});
