import { inOrder, type PolicyError, PolicyRejected } from './document/errors.ts';
import type { PolicyTexts } from './document/folder.ts';
import { readSections } from './document/sections.ts';
import { policyFrom } from './load.ts';
import { policyWarnings } from './warnings/warnings.ts';

/** What is wrong with policy files, and what is right and hardly meant. */
export interface PolicyCheck {
  /** What keeps the files from being taken. */
  readonly errors: readonly PolicyError[];
  /** What has no effect, or another than its author will have had in mind. None while there are errors. */
  readonly warnings: readonly PolicyError[];
  /** What they hold; null while there are errors. */
  readonly counts: Readonly<Record<'teams' | 'budgets' | 'rules' | 'tables', number>> | null;
}

/** Finds all that is wrong with the files of a folder, each in the order of files and lines. */
export function checkPolicy(folder: string, texts: PolicyTexts, nowMs: number): PolicyCheck {
  try {
    const policy = policyFrom(folder, texts, { now: () => nowMs });
    const sections = readSections(texts.files);
    const { teams, budgets, rules, tables } = sections;
    return {
      errors: [],
      warnings: inOrder([...policyWarnings(sections), ...policy.warningsAt(nowMs)]),
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
