import type { RuleMode, SourcePosition } from '../../vocabulary/policy.ts';
import { type PolicyError, policyError } from '../document/errors.ts';
import type { RuleEntry } from '../document/schema.ts';
import type { Located } from '../document/sections.ts';

interface StageEntry {
  readonly mode?: RuleMode | undefined;
  readonly warn_from?: string | undefined;
  readonly enforce_from?: string | undefined;
}

/** Parts of a rule's life cycle that contradict each other. */
export function lifeErrors({ value, at }: Located<RuleEntry>): readonly PolicyError[] {
  const errors = [...stageErrors(value, (key) => at([key]))];
  for (const [team, teamEntry] of Object.entries(value.modes ?? {})) {
    const source = at(['modes', team]);
    if (value.mode === undefined) {
      const problem = `rule ${value.name} only caps, and has a mode for team ${team}`;
      errors.push(policyError(source, problem, 'expected "mode" for the other teams too'));
    }
    if (value.teams !== undefined && !value.teams.includes(team)) {
      const problem = `rule ${value.name} does not hold for team ${team} at all`;
      errors.push(policyError(source, problem, `expected one of ${value.teams.join(', ')}`));
    }
    if (typeof teamEntry !== 'string')
      errors.push(...stageErrors(teamEntry, (key) => at(['modes', team, key])));
  }
  return errors;
}

function stageErrors(
  { mode, warn_from: warnFrom, enforce_from: enforceFrom }: StageEntry,
  at: (key: string) => SourcePosition,
): readonly PolicyError[] {
  if (enforceFrom !== undefined && mode === 'audit') {
    return [policyError(at('enforce_from'), 'mode audit enforces nothing', 'expected mode warn or deny')];
  }
  if (warnFrom === undefined) return [];
  const error = (problem: string, expected: string) => [policyError(at('warn_from'), problem, expected)];
  if (mode === 'warn' || mode === 'audit') {
    return error(`"warn_from" beside mode ${mode}`, 'expected mode deny, or "enforce_from" in its place');
  }
  if (enforceFrom === undefined) return error('"warn_from" alone', 'expected "enforce_from" beside it');
  if (warnFrom <= enforceFrom) return [];
  return error(`"warn_from" is ${warnFrom}`, `expected a day before "enforce_from", ${enforceFrom}`);
}
