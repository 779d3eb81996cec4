import type { WarehouseAnswer } from '../estimate/unpriced.ts';
import type { Decision } from '../vocabulary/decision.ts';
import type { EnvelopeContent, EnvelopeReason } from './error-envelope.ts';

/** A query goes no further. Holds the client's answer, and the decision to record if one was reached. */
export abstract class Stop extends Error {
  abstract readonly answer: StopAnswer;
  abstract readonly decision: Decision | null;
}

/** An answer of guardrail's own, or the warehouse's unchanged answer to the dry run. */
export type StopAnswer =
  | { readonly from: 'guardrail'; readonly content: EnvelopeContent }
  | { readonly from: 'warehouse'; readonly answer: WarehouseAnswer };

/** The request itself cannot be read; the warehouse was not asked. */
export class BadRequest extends Stop {
  override readonly name = 'BadRequest';
  readonly answer: StopAnswer;
  readonly decision = null;

  constructor(reason: EnvelopeReason, message: string, status = 400) {
    super(message);
    this.answer = { from: 'guardrail', content: { status, reason, message } };
  }
}

/** A rule or a budget refuses. */
export class Refused extends Stop {
  override readonly name = 'Refused';
  readonly answer: StopAnswer;
  readonly decision: Decision;

  constructor(decision: Decision, content: EnvelopeContent) {
    super(content.message);
    this.decision = decision;
    this.answer = { from: 'guardrail', content };
  }
}

/** The query could not be priced or paid for, so it must not run. */
export class Failed extends Stop {
  override readonly name = 'Failed';
  readonly answer: StopAnswer;
  readonly decision: Decision;

  constructor(decision: Decision, answer: StopAnswer, options?: ErrorOptions) {
    super(decision.cause ?? 'failed', options);
    this.decision = decision;
    this.answer = answer;
  }
}
