import { expect, test } from 'vitest';
import { prefilledFields } from '../../../src/console/grants/form.ts';
import { type GrantsView, grantsPage } from '../../../src/console/grants/page.ts';
import { budget } from '../../budget/builders.ts';
import { pageContext } from '../builders.ts';

const context = pageContext('viewer', { url: '/grants', nowMs: 0 });

const view: GrantsView = {
  budgets: [budget({ name: 'first' }), budget({ name: 'second' })],
  openRequests: { requests: [], more: false },
  inForce: { grants: [], more: false },
  note: null,
  prefilled: prefilledFields.parse({}),
  rejected: null,
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

test('parameters of a link that make no sense are ignored', () => {
  expect(prefilledFields.parse({ budget: ['a', 'b'], account: { x: '1' } })).toEqual({
    budget: '',
    account: '',
  });
});
