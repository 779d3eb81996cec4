import { dayAt } from '../../foundation/calendar/days.ts';
import { shortName } from '../../foundation/pages/formats.ts';
import { type SunsetReport, type UserKind, useKinds, userKinds } from './report.ts';
import { daysText } from './verdict.ts';

const MAX_USERS = 10;
const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

const TITLES: Readonly<Record<UserKind, string>> = {
  team: 'Teams',
  principal: 'Principals',
  person: 'Persons',
  dashboard: 'Dashboards',
  card: 'Cards',
};

/** For people at a terminal. */
export function sunsetAsText(report: SunsetReport): string {
  const { table, verdict, reasons, timeZone, lastMs, weeks } = report;
  return [
    `${table}: ${verdict}.`,
    ...reasons,
    ...catalogLine(report),
    '',
    usesLine(report),
    `${lastMs === null ? `Not used in the last ${weeks.length} weeks` : `Last used ${dayAt(lastMs, timeZone).day}`}. Records exist since ${sinceText(report)}. Days are those of ${timeZone}.`,
    trendLine(report),
    ...userKinds.flatMap((kind) => usersTable(report, kind)),
    '',
  ].join('\n');
}

function catalogLine({ entry }: SunsetReport): readonly string[] {
  if (entry === null) return ['The catalog does not know it.'];
  const { status, owner, replacement } = entry;
  const parts = [
    `In the catalog: ${status}`,
    ...(owner === null ? [] : [`owner ${owner}`]),
    replacement === null ? 'no replacement' : `replacement ${replacement}`,
  ];
  return [`${parts.join(', ')}.`];
}

function usesLine({ days, recent }: SunsetReport): string {
  const counts = useKinds.map(
    (kind) => `${recent[kind]} ${kind === 'unguarded' ? 'bypassed guardrail' : kind}`,
  );
  return `In the last ${daysText(days)}: ${counts.join(', ')}.`;
}

function sinceText({ evidence: { recordsSinceMs }, timeZone }: SunsetReport): string {
  return recordsSinceMs === null ? 'never' : dayAt(recordsSinceMs, timeZone).day;
}

/** The oldest week on the left, as people read. */
function trendLine({ weeks }: SunsetReport): string {
  const most = Math.max(...weeks, 1);
  const bars = weeks
    .toReversed()
    .map((uses) => (uses === 0 ? '·' : BARS[Math.ceil((uses / most) * BARS.length) - 1]));
  return `Uses a week, ${weeks.length} weeks: ${bars.join('')}  ${weeks.toReversed().join(' ')}`;
}

function usersTable({ users, days, timeZone }: SunsetReport, kind: UserKind): readonly string[] {
  const all = users[kind];
  if (all.length === 0) return [];
  const names = all.slice(0, MAX_USERS).map(({ name }) => shortName(name, 60));
  const width = Math.max(TITLES[kind].length, ...names.map((name) => name.length));
  const rows = all.slice(0, MAX_USERS).map(({ uses, recentUses, lastMs }, index) => {
    return `${(names[index] ?? '').padEnd(width)}  ${String(recentUses).padStart(8)}  ${String(uses).padStart(8)}  ${dayAt(lastMs, timeZone).day}`;
  });
  const head = `${TITLES[kind].padEnd(width)}  ${daysText(days).padStart(8)}  ${'all'.padStart(8)}  last`;
  const more = all.length - names.length;
  return ['', head, ...rows, ...(more > 0 ? [`and ${more} more, with --format json`] : [])];
}
