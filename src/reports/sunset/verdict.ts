import { dayAt } from '../../foundation/calendar/days.ts';
import { formatCountOf } from '../../foundation/pages/formats.ts';
import { type MissingProof, missingProofs } from './missing-proof.ts';
import type { Evidence, SunsetReport } from './report.ts';

interface VerdictFacts {
  readonly days: number;
  readonly nowMs: number;
  readonly timeZone: string;
  readonly recentUses: number;
  readonly evidence: Evidence;
}

/** One use is enough to say no. To say yes, everything that could have seen one must have looked. */
export function judge({
  days,
  nowMs,
  timeZone,
  recentUses,
  evidence,
}: VerdictFacts): Pick<SunsetReport, 'verdict' | 'reasons'> {
  if (recentUses > 0) {
    return {
      verdict: 'cannot retire',
      reasons: [
        `It was used ${recentUses === 1 ? 'once' : `${recentUses} times`} in the last ${daysText(days)}.`,
      ],
    };
  }
  const missing = missingProofs(evidence, { days, nowMs });
  if (missing.length > 0) {
    return { verdict: 'not proven', reasons: missing.map((proof) => missingText(proof, days, timeZone)) };
  }
  return {
    verdict: 'can retire',
    reasons: [`Nobody used it in the last ${daysText(days)}, through guardrail or around it.`],
  };
}

function missingText(proof: MissingProof, days: number, timeZone: string): string {
  const date = (atMs: number) => dayAt(atMs, timeZone).day;
  switch (proof.what) {
    case 'no records':
      return 'There are no records.';
    case 'records since':
      return `Records exist since ${date(proof.atMs)} only, which is less than ${daysText(days)}.`;
    case 'last record':
      return `The last record is of ${date(proof.atMs)}: since then no query came to guardrail.`;
    case 'records of later':
      return `There are records of after ${date(proof.atMs)}.`;
    case 'reconciled until': {
      const until = proof.atMs === null ? 'not looked for' : `looked for up to ${date(proof.atMs)} only`;
      return `Reads that bypassed guardrail were ${until}: see \`guardrail reconcile\`.`;
    }
    case 'not entered':
      return `${proof.jobs} jobs that bypassed guardrail were found and are not in the books: \`guardrail reconcile --write-corrections\` enters them.`;
    case 'unreadable':
      return `${proof.jobs} jobs that bypassed guardrail do not say what they read: only the beginning of their SQL is kept.`;
  }
}

/** `1 day`, `30 days`. */
export function daysText(days: number): string {
  return formatCountOf(days, 'en', { one: 'day', other: 'days' });
}
