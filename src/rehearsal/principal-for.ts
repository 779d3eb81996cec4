import { didYouMean } from '../foundation/text/spelling.ts';
import type { Policy } from '../policy/policy.ts';

/** Why nobody could be chosen. */
export interface NoPrincipal {
  /** What is wrong: `there is no team finnops`. */
  readonly problem: string;
  /** What would be right: `expected one of finops, …`. */
  readonly expected: string;
}

/** The caller meant by a team or an e-mail address: the address itself, or that of somebody in the team. */
export function principalFor(as: string, policy: Pick<Policy, 'memberOf' | 'names'>): string | NoPrincipal {
  if (as.includes('@')) return as;
  const member = policy.memberOf(as);
  if (member !== null) return member;
  const { teams } = policy.names;
  if (teams.includes(as))
    return { problem: `nobody is in team ${as}`, expected: 'expected a team with principals' };
  const guess = didYouMean(as, teams);
  return { problem: `there is no team ${as}`, expected: `expected one of ${teams.join(', ')}${guess}` };
}
