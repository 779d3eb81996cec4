import type { Policy, Question } from '../policy/policy.ts';
import type { Verdict } from '../vocabulary/policy.ts';
import type { Tariff } from '../vocabulary/pricing.ts';

/** A query that the rules have judged. */
export interface JudgedQuery extends Question {
  readonly id: string;
  readonly policy: Policy;
  readonly tariff: Tariff;
  readonly slotMs: bigint;
  readonly verdict: Verdict;
}
