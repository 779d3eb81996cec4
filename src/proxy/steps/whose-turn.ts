import type { Asker } from '../../estimate/dry-run.ts';
import type { Estimates } from '../../estimate/estimates.ts';

/**
 * All callers whom the warehouse has not confirmed yet share one turn: whoever makes up credentials gains nothing by
 * it.
 */
const UNCONFIRMED = 'unconfirmed';

/** Whose turn a request takes where callers take turns: the principal's whom the warehouse has confirmed. */
export function whoseTurn(
  asker: Pick<Asker, 'credentialKey'>,
  estimates: Pick<Estimates, 'principalOf'>,
): string {
  return estimates.principalOf(asker) ?? UNCONFIRMED;
}
