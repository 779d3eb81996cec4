import { type PolicyError, PolicyRejected, sortErrors } from './document/errors.ts';
import type { PolicyTexts } from './document/folder.ts';
import { readSections } from './document/sections.ts';
import { policyFrom } from './load.ts';
import { policyWarnings } from './warnings/warnings.ts';

/** Errors in policy files, and warnings about what is valid but hardly intended. */
export interface PolicyCheck {
  /** What keeps the files from being accepted. */
  readonly errors: readonly PolicyError[];
  /** What has no effect, or another effect than its author probably intended. Empty while there are errors. */
  readonly warnings: readonly PolicyError[];
  /** The files' content; null while there are errors. */
  readonly counts: Readonly<Record<'teams' | 'budgets' | 'rules' | 'tables', number>> | null;
}

/** Finds everything that is wrong with the files of a folder, in the order of files and lines. */
export function checkPolicy(folder: string, texts: PolicyTexts, nowMs: number): PolicyCheck {
  try {
    const policy = policyFrom(folder, texts, { now: () => nowMs });
    const sections = readSections(texts.files);
    const { teams, budgets, rules, tables } = sections;
    return {
      errors: [],
      warnings: sortErrors([...policyWarnings(sections), ...policy.warningsAt(nowMs)]),
      counts: {
        teams: teams.length,
        budgets: budgets.length,
        rules: rules.length,
        tables: tables.length,
      },
    };
  } catch (error) {
    if (!(error instanceof PolicyRejected)) throw error;
    return { errors: error.errors, warnings: [], counts: null };
  }
}
