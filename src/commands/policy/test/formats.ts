import type { RuleCoverage } from '../../../rehearsal/cases/coverage.ts';
import type { Difference } from '../../../rehearsal/cases/differences.ts';
import type { CaseOutcome } from '../../../rehearsal/cases/run-case.ts';
import { fileAndLine } from '../../../vocabulary/policy.ts';
import { pluralize } from '../pluralize.ts';

/** The results of all cases. */
export interface TestReport {
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
export function testReportAsText(report: TestReport): string {
  const { outcomes, failed, coverage, percentHit, minCoverage } = report;
  const hit = coverage.filter(({ hits }) => hits > 0).length;
  const isShort = percentHit < minCoverage;
  return `${[
    ...outcomes.filter(({ differences }) => differences.length > 0).flatMap(failureLines),
    `${pluralize(outcomes.length, 'case')}: ${outcomes.length - failed} as expected, ${failed} not.`,
    `${hit} of ${pluralize(coverage.length, 'rule')} hit, ${percentHit} %${isShort ? `, and ${minCoverage} % are asked for` : ''}.`,
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
export function testReportAsJson({
  folder,
  outcomes,
  failed,
  coverage,
  percentHit,
  minCoverage,
}: TestReport): string {
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
