import type { Asker } from '../../estimate/dry-run.ts';
import type { Estimates } from '../../estimate/estimates.ts';

/** All whom the warehouse has not confirmed yet are one, however many credentials one of them makes up. */
const UNCONFIRMED = 'unconfirmed';

/** Whose turn a request takes where callers take turns: the principal's whom the warehouse has confirmed. */
export function whoseTurn(
  asker: Pick<Asker, 'credentialKey'>,
  estimates: Pick<Estimates, 'principalOf'>,
): string {
  return estimates.principalOf(asker) ?? UNCONFIRMED;
}
