import { describe, expect, test } from 'vitest';
import { createBudgetReplay } from '../../../../src/commands/policy/replay/budgets.ts';
import type { PastQuery } from '../../../../src/reports/replay/outcomes.ts';
import type { Decision, Settlement } from '../../../../src/vocabulary/decision.ts';
import { policyWithRules } from '../../../policy/builders.ts';
import { decision, settlement } from '../../../records/builders.ts';

const ASKED = { bytesBilled: 10n, slotMs: 0n, queries: 1n, cost: { currency: 'USD', micros: 1n } };

function past(of: Partial<Decision> = {}, cameTo: Partial<Settlement> | null = {}): PastQuery {
  return { ...decision(of), settlement: cameTo === null ? null : settlement(cameTo) };
}

/** @param budget what its entry says beside its name and window */
function replayOf(budget: string) {
  const policy = policyWithRules(` []\nbudgets:\n  - { name: b, ${budget} }\n`);
  const budgets = createBudgetReplay(policy, { grants: [], pricing: policy.pricing });
  return {
    charge: budgets.charge,
    admit: (one: PastQuery) => budgets.admit({ past: one, caller: one.caller, spend: ASKED, rulesHit: [] }),
  };
}

describe('budgets are charged for what they paid for', () => {
  test.each([
    ['a job that bypassed guardrail', past({ outcome: 'unguarded', estimate: null })],
    ['a job without SQL', past({ estimate: null, reading: { ...decision().reading, statement: 'LOAD' } })],
    ['a request that was sent again and got the same job', past({}, { source: 'repeated', bytesBilled: 0n })],
    ['a query that did not run', past({}, { source: 'not run', jobId: null, bytesBilled: 0n })],
    ['one of which no job was found', past({}, { source: 'reconciled', jobId: null, bytesBilled: 0n })],
  ])('not for %s', (_what, one) => {
    const budgets = replayOf('organisation: true, window: day, limit: 1 queries');

    budgets.charge(one);

    expect(budgets.admit(past())).toBeNull();
  });

  test('for a query that ran', () => {
    const budgets = replayOf('organisation: true, window: day, limit: 1 queries');

    budgets.charge(past());

    expect(budgets.admit(past())).toBe('b');
  });
});

describe('a query that waited in vain for its turn', () => {
  const waited = past({ outcome: 'refused', cause: 'b' }, null);

  test('stays refused', () => {
    expect(replayOf('organisation: true, limit: 1 at once').admit(waited)).toBe('b');
  });

  test('is not refused if the budget no longer covers it or lets it pass', () => {
    expect(replayOf('team: finops, limit: 1 at once').admit(waited)).toBeNull();
    expect(replayOf('organisation: true, limit: 1 at once, when_exceeded: warn').admit(waited)).toBeNull();
  });
});
