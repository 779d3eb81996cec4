import type { GrantRequest } from '../books/grant-requests.ts';
import type { Budget } from '../vocabulary/budget.ts';
import type { Redaction } from './access/redact.ts';

/** A request for a grant as a visitor sees it. */
export interface RedactedRequest extends Omit<GrantRequest, 'reason'> {
  readonly reason: string | null;
}

/**
 * A request as a visitor sees it: who asks, for whom and why is only for those who may see persons.
 * @param budgets those in force, which say what their accounts are
 */
export function redactRequest(
  request: GrantRequest,
  redaction: Pick<Redaction, 'showsAll' | 'person' | 'typed'>,
  budgets: readonly Budget[],
): RedactedRequest {
  if (redaction.showsAll) return request;
  const { askedBy, askedFor, answer, account, budget } = request;
  const per = budgets.find(({ name }) => name === budget)?.per;
  return {
    ...request,
    account: redaction.typed.account(per, account),
    reason: null,
    askedBy: askedBy === null ? null : redaction.person(askedBy),
    askedFor: redaction.typed.person(askedFor),
    answer: answer && { ...answer, by: redaction.person(answer.by) },
  };
}
