import type { RuleMode } from '../../vocabulary/policy.ts';
import type { RuleEntry } from '../document/schema.ts';

/** Every mode that a rule may be in: its own, and those for single teams. */
export function modesOf({ mode, modes = {} }: RuleEntry): readonly RuleMode[] {
  const ofTeams = Object.values(modes).map((own) => (typeof own === 'string' ? own : own.mode));
  return mode === undefined ? ofTeams : [mode, ...ofTeams];
}
