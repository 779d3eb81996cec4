import type { RuleMode } from '../../vocabulary/policy.ts';
import type { RuleEntry } from '../document/schema.ts';

/** Every mode that a rule may be in: its own, and those for single teams. */
export function modesOf({ mode, modes = {} }: RuleEntry): readonly RuleMode[] {
  const teamModes = Object.values(modes).map((teamMode) =>
    typeof teamMode === 'string' ? teamMode : teamMode.mode,
  );
  return mode === undefined ? teamModes : [mode, ...teamModes];
}
