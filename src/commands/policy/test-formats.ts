import type { RuleCoverage } from '../../rehearsal/cases/coverage.ts';
import type { Difference } from '../../rehearsal/cases/differences.ts';
import type { CaseOutcome } from '../../rehearsal/cases/run-case.ts';
import { fileAndLine } from '../../vocabulary/policy.ts';
import { count } from './counted.ts';

/** The results of all cases. */
export interface Tested {
  readonly folder: string;
  readonly outcomes: readonly CaseOutcome[];
  readonly failed: number;
  readonly coverage: readonly RuleCoverage[];
  /** The percentage of rules that are hit by a case. */
  readonly percentHit: number;
  /** The required percentage. */
  readonly minCoverage: number;
}

/** For people: what failed, expected against actual, then the totals. */
export function testedAsText(tested: Tested): string {
  const { outcomes, failed, coverage, percentHit, minCoverage } = tested;
  const hit = coverage.filter(({ hits }) => hits > 0).length;
  const isShort = percentHit < minCoverage;
  return `${[
    ...outcomes.filter(({ differences }) => differences.length > 0).flatMap(failureLines),
    `${count(outcomes.length, 'case')}: ${outcomes.length - failed} as expected, ${failed} not.`,
    `${hit} of ${count(coverage.length, 'rule')} hit, ${percentHit} %${isShort ? `, and ${minCoverage} % are asked for` : ''}.`,
    ...listed(
      'Never hit',
      coverage.filter(({ hits }) => hits === 0),
    ),
    ...listed('Never missed', coverage.filter(isNeverMissed)),
  ].join('\n')}\n`;
}

function failureLines({ source, name, differences }: CaseOutcome): readonly string[] {
  return [
    `${source.file}:${source.line}:${source.column}: ${name}`,
    ...differences.flatMap(({ of, expected, got }: Difference) => [
      `  ${of}`,
      `    expected ${indented(expected)}`,
      `    got      ${indented(got)}`,
    ]),
    '',
  ];
}

function indented(text: string): string {
  return text.replaceAll('\n', `\n${' '.repeat(13)}`);
}

function listed(title: string, rules: readonly RuleCoverage[]): readonly string[] {
  if (rules.length === 0) return [];
  return [`${title}:`, ...rules.map(({ rule, source }) => `  ${rule} (${fileAndLine(source)})`)];
}

/** A rule that holds for everything in the cases may hold for too much. */
function isNeverMissed({ hits, misses, isUnconditional }: RuleCoverage): boolean {
  return hits > 0 && misses === 0 && !isUnconditional;
}

/** The same for programs. */
export function testedAsJson({
  folder,
  outcomes,
  failed,
  coverage,
  percentHit,
  minCoverage,
}: Tested): string {
  const report = {
    ok: failed === 0 && percentHit >= minCoverage,
    folder,
    cases: outcomes.map(({ name, source, differences }) => ({
      name,
      source,
      ok: differences.length === 0,
      differences,
    })),
    failed,
    coverage: {
      percentHit,
      minCoverage,
      rules: coverage,
      neverHit: coverage.filter(({ hits }) => hits === 0).map(({ rule }) => rule),
      neverMissed: coverage.filter(isNeverMissed).map(({ rule }) => rule),
    },
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
