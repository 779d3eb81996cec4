import type { PolicyError } from '../document/errors.ts';
import type { Sections } from '../document/sections.ts';
import { budgetWarnings } from './budget-warnings.ts';
import { catalogWarnings } from './catalog-warnings.ts';
import { ruleWarnings } from './rule-warnings.ts';
import { teamWarnings } from './team-warnings.ts';

/** What is well-formed but has no effect, or leaves people without an answer that they can read. */
export function policyWarnings(sections: Sections): readonly PolicyError[] {
  return [
    ...teamWarnings(sections),
    ...budgetWarnings(sections),
    ...ruleWarnings(sections),
    ...catalogWarnings(sections),
  ];
}
