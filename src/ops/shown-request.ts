import type { RequestedGrant } from '../books/grant-requests.ts';
import type { Redaction } from './access/redact.ts';

/** A request for a grant as a visitor is shown it. */
export interface ShownRequest extends Omit<RequestedGrant, 'reason'> {
  readonly reason: string | null;
}

/** A request as a visitor is shown it: who asks, for whom and why is told to those who may see persons. */
export function shownRequest(
  request: RequestedGrant,
  redaction: Pick<Redaction, 'showsAll' | 'person'>,
): ShownRequest {
  if (redaction.showsAll) return request;
  const { askedBy, askedFor, answer, account } = request;
  return {
    ...request,
    account: account === '' ? '' : redaction.person(account),
    reason: null,
    askedBy: askedBy === null ? null : redaction.person(askedBy),
    askedFor: redaction.person(askedFor),
    answer: answer && { ...answer, by: redaction.person(answer.by) },
  };
}
