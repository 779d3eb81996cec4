import { type Language, languages } from '../../foundation/text/language.ts';
import { formatBytes } from '../../vocabulary/bytes.ts';
import type { RefusalCause } from '../../vocabulary/refusal.ts';
import type { Rehearsal } from '../rehearse.ts';
import type { CaseEntry, Expectation } from './case-schema.ts';

/** What differed in a case. */
export interface Difference {
  readonly of: 'decision' | 'refused_by' | 'rules' | 'cap' | 'message' | 'budgets';
  readonly expected: string;
  readonly got: string;
}

/**
 * Everything that differs from the expectations.
 * @param messageIn the message to people in a language
 */
export async function findDifferences(
  { given, expect }: CaseEntry,
  rehearsal: Rehearsal,
  messageIn: (language: Language) => Promise<string>,
): Promise<readonly Difference[]> {
  const { cause, verdict, balances } = rehearsal;
  const covering = balances.map(({ budget }) => budget.name);
  const uncovered = Object.keys(given?.budgets ?? {}).filter((name) => !covering.includes(name));
  return [
    ...compareTexts('decision', expect.decision, cause === null ? 'allow' : 'deny'),
    ...(expect.refused_by === undefined ? [] : compareRefuser(expect.refused_by, cause)),
    ...(expect.rules === undefined
      ? []
      : compareTexts(
          'rules',
          formatRules(Object.entries(expect.rules)),
          formatRules(verdict.hits.map(({ rule, mode }) => [rule, mode])),
        )),
    ...(expect.cap === undefined
      ? []
      : compareTexts(
          'cap',
          formatBytes(expect.cap),
          verdict.maximumBytesBilled === null ? 'none' : formatBytes(verdict.maximumBytesBilled),
        )),
    ...(await compareMessages(expect.message, rehearsal.team.language, messageIn)),
    ...(uncovered.length === 0
      ? []
      : compareTexts(
          'budgets',
          `covered by ${uncovered.join(', ')}`,
          `covered by ${covering.join(', ') || 'nothing'}`,
        )),
  ];
}

function compareTexts(of: Difference['of'], expected: string, got: string): readonly Difference[] {
  return expected === got ? [] : [{ of, expected, got }];
}

/** Several rules can refuse one query; the expected one must be among them. */
function compareRefuser(expected: string, cause: RefusalCause | null): readonly Difference[] {
  const refusers = refusersIn(cause);
  return refusers.includes(expected)
    ? []
    : [{ of: 'refused_by', expected, got: refusers.join(', ') || 'nothing' }];
}

function refusersIn(cause: RefusalCause | null): readonly string[] {
  if (cause === null) return [];
  return cause.by === 'rule' ? cause.hits.map(({ rule }) => rule) : [cause.balance.budget.name];
}

function formatRules(rules: readonly (readonly [string, string])[]): string {
  const sorted = rules.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([rule, mode]) => `${rule}: ${mode}`).join(', ') || 'none';
}

async function compareMessages(
  expected: Expectation['message'],
  teamLanguage: Language,
  messageIn: (language: Language) => Promise<string>,
): Promise<readonly Difference[]> {
  if (expected === undefined) return [];
  const byLanguage =
    typeof expected === 'string' || Array.isArray(expected) ? { [teamLanguage]: expected } : expected;
  const found: Difference[] = [];
  for (const language of languages) {
    const texts = [byLanguage[language] ?? []].flat();
    const got = texts.length === 0 ? '' : await messageIn(language);
    const missing = texts.filter((text) => !got.includes(text));
    found.push(
      ...missing.map((text) => ({
        of: 'message' as const,
        expected: `(${language}) … ${text} …`,
        got: got || 'no message',
      })),
    );
  }
  return found;
}
