import { describe, expect, test } from 'vitest';
import type { Grant } from '../../../src/budget/grants.ts';
import { prefilledFields } from '../../../src/console/grants/form.ts';
import { type GrantsView, grantsPage } from '../../../src/console/grants/page.ts';
import { budget } from '../../budget/builders.ts';
import { pageContext } from '../builders.ts';

const context = pageContext('viewer', { url: '/grants', nowMs: 0 });

const view: GrantsView = {
  budgets: [budget({ name: 'first' }), budget({ name: 'second' })],
  openRequests: { requests: [], more: false },
  closedRequests: [],
  inForce: { grants: [], more: false },
  note: null,
  prefilled: prefilledFields.parse({}),
  rejected: null,
  rejectedPolicy: () => null,
};

test('a link fills in the budget and the account of the form for a grant', () => {
  const page = grantsPage({ ...view, prefilled: { budget: 'second', account: '"21"' } }, context);

  expect(page).toContain('<option selected>second</option>');
  expect(page).toContain('name="account" maxlength="200" value="&quot;21&quot;"');
});

test('a form that was rejected shows what was typed, not what the link had filled in', () => {
  const fields = { budget: 'first', amount: 'much', to: 'bia', reason: 'r', hours: '2', account: '' };

  const page = grantsPage(
    {
      ...view,
      prefilled: { budget: 'second', account: '21' },
      rejected: { problem: 'other unit', fields },
    },
    context,
  );

  expect(page).toContain('<option selected>first</option>');
  expect(page).toContain('name="amount" required maxlength="60" value="much"');
  expect(page).not.toContain('value="21"');
});

test('whoever asked reads what became of it: who granted or declined it, or that nobody answered', () => {
  const request = {
    ...{ id: 'a', budget: 'first', account: '', unit: 'bytes', amount: 5n << 30n, reason: 'month-end' },
    ...{ askedBy: null, askedFor: 'bia', atMs: 0, expiresAtMs: 1, answer: null },
  };
  const closedRequests = [
    request,
    { ...request, answer: { by: 'rui', atMs: 1, grantId: null } },
    { ...request, answer: { by: 'ana', atMs: 1, grantId: 'g' } },
  ];

  const page = grantsPage({ ...view, closedRequests }, context);

  expect(page).toContain('Last answers');
  expect(page.match(/<span class="pill [^<]*<\/span>/g)).toEqual([
    '<span class="pill warn">expired without an answer</span>',
    '<span class="pill bad">declined by rui</span>',
    '<span class="pill good">granted by ana</span>',
  ]);
  expect(grantsPage(view, context)).not.toContain('Last answers');
});

test('the page says that it does not know the budgets of the last edit, if that was rejected', () => {
  const rejected = grantsPage({ ...view, rejectedPolicy: () => [] }, context);

  expect(rejected).toContain('The last edit of the policy files was rejected');
  expect(grantsPage(view, context)).not.toContain('was rejected');
});

describe('whom to ask for an answer', () => {
  const asked = {
    ...view,
    budgets: [budget({ name: 'first', contact: '#finops' }), budget({ name: 'second' })],
  };
  const requestOf = (name: string) => ({
    ...{ id: 'a', budget: name, account: '', unit: 'bytes', amount: 5n << 30n, reason: 'month-end' },
    ...{ askedBy: null, askedFor: 'bia', atMs: 0, expiresAtMs: 1, answer: null },
  });
  const waiting = (name: string) =>
    grantsPage({ ...asked, openRequests: { requests: [requestOf(name)], more: false } }, context);
  const form = (name: string) => grantsPage({ ...asked, prefilled: { budget: name, account: '' } }, context);

  test('is named beside a request that waits, as its budget says', () => {
    expect(waiting('first')).toContain('if it is urgent, ask #finops');
    expect(waiting('second')).not.toContain('if it is urgent');
  });

  test('is named at the form to which a refusal of that budget leads', () => {
    expect(form('first')).toContain('If it is urgent, ask #finops about first.');
    expect(form('second')).not.toContain('If it is urgent');
  });

  test('is named as the team says whose account it is', () => {
    const teams = budget({
      name: 'teams',
      per: 'team',
      teamContacts: [{ team: 'dados', contact: '#dados' }],
    });
    const formFor = (account: string) =>
      grantsPage({ ...view, budgets: [teams], prefilled: { budget: 'teams', account } }, context);

    expect(formFor('dados')).toContain('If it is urgent, ask #dados about teams.');
    expect(formFor('finops')).not.toContain('If it is urgent');
  });
});

test('parameters of a link that make no sense are ignored', () => {
  expect(prefilledFields.parse({ budget: ['a', 'b'], account: { x: '1' } })).toEqual({
    budget: '',
    account: '',
  });
});

describe('an operator', () => {
  const operator = pageContext('operator', { url: '/grants', nowMs: 0 });
  const grant: Grant = {
    ...{ id: 'g1', budget: 'first', account: '', unit: 'bytes', amount: 1n << 30n, reason: 'month-end' },
    ...{ grantedTo: 'bia', grantedBy: 'rui', createdAtMs: 0, expiresAtMs: 1, revoked: null },
  };
  const inForce = { grants: [grant], more: false };

  test('gives grants by the form with which others ask for them', () => {
    expect(grantsPage(view, operator)).toContain('<form class="stacked" method="post" action="/grants">');
    expect(grantsPage(view, context)).toContain('action="/grants/requests">');
  });

  test('can revoke what was granted, which others only see', () => {
    const page = grantsPage({ ...view, inForce }, operator);
    const asViewer = grantsPage({ ...view, inForce }, context);

    expect(page).toContain('action="/grants/g1/revoke"');
    expect(page).toContain('<small><bdi>month-end</bdi></small>');
    expect(asViewer).toContain('<b><bdi>first</bdi></b>');
    expect(asViewer).not.toContain('/grants/g1/');
    expect(asViewer).not.toContain('month-end');
  });
});
