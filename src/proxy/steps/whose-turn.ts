import type { Asker } from '../../estimate/dry-run.ts';
import type { Estimates } from '../../estimate/estimates.ts';

/** All callers whom the warehouse has not confirmed yet share one turn, so that making up credentials gains nothing. */
const UNCONFIRMED = 'unconfirmed';

/** Whose turn a request uses where callers take turns: that of the principal confirmed by the warehouse. */
export function whoseTurn(
  asker: Pick<Asker, 'credentialKey'>,
  estimates: Pick<Estimates, 'principalOf'>,
): string {
  return estimates.principalOf(asker) ?? UNCONFIRMED;
}
