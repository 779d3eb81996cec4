import { shortName } from '../../foundation/pages/formats.ts';
import { alignColumns } from '../../foundation/text/text-table.ts';
import { changeKinds, outcomesNow, replayOutcomes } from './outcomes.ts';
import { type Dimension, dimensions, hitModes, type ReplayReport } from './report.ts';
import { AMOUNT_MEANINGS, DIMENSION_TITLES, formatAmounts, formatUtc, methodNotes } from './words.ts';

const MAX_ROWS = 10;
const MAX_NAME_LENGTH = 48;

/** For people at a terminal. */
export function replayAsTable(report: ReplayReport): string {
  const { fromMs, toMs, candidate, coverage } = report;
  const title = `Replay of ${coverage.decisions} decisions, ${formatUtc(fromMs)} to ${formatUtc(toMs)}, under policy ${candidate}`;
  const changed = changeKinds.some((kind) => report.changes[kind].all.queries > 0);
  return [
    title,
    '',
    changesTable(report),
    outcomesTable(report),
    hitsTable(report),
    ...(changed
      ? dimensions.map((dimension) => dimensionTable(report, dimension))
      : [
          coverage.decisions === 0
            ? 'There is no query on record of that time.\n'
            : 'Nothing would change.\n',
        ]),
    'How this was counted:',
    ...methodNotes(report).map((note) => `- ${note}`),
    '',
  ].join('\n');
}

function changesTable({ changes }: ReplayReport): string {
  const rows = changeKinds.map((kind) => {
    const { all, once, persons } = changes[kind];
    return [
      kind,
      String(all.queries),
      String(persons),
      `${formatAmounts(all)} ${AMOUNT_MEANINGS[kind]}`,
      String(once.queries),
      formatAmounts(once),
    ];
  });
  return alignedTable([['', 'queries', 'persons', 'in all', 'once', 'once'], ...rows]);
}

function outcomesTable({ outcomes: counts }: ReplayReport): string {
  const rows = replayOutcomes.map((before) => [
    before,
    ...outcomesNow.map((after) => String(counts[before][after])),
  ]);
  return alignedTable([['then, and now:', ...outcomesNow], ...rows]);
}

function hitsTable({ hits }: ReplayReport): string {
  if (hits.length === 0) return '';
  const rows = hits.map(({ rule, before, after }) => [
    rule,
    ...hitModes.map((mode) =>
      before[mode] === after[mode] ? String(after[mode]) : `${before[mode]} → ${after[mode]}`,
    ),
  ]);
  return alignedTable([['hits of rules', ...hitModes], ...rows]);
}

function dimensionTable({ rows }: ReplayReport, dimension: Dimension): string {
  const shown = rows[dimension]
    .slice(0, MAX_ROWS)
    .map(({ name, changes }) => [
      name === null ? '(none)' : shortName(name, MAX_NAME_LENGTH),
      ...changeKinds.map((kind) => String(changes[kind].queries)),
      formatAmounts(changes['newly refused']),
    ]);
  const more = rows[dimension].length - shown.length;
  const table = alignedTable([
    [DIMENSION_TITLES[dimension], ...changeKinds, 'refused: billed then'],
    ...shown,
  ]);
  return more > 0 ? `${table}${more} more are in --format json.\n` : table;
}

/** Names left-aligned, figures right-aligned. */
function alignedTable(rows: readonly (readonly string[])[]): string {
  return `${alignColumns(rows, 1).join('\n')}\n`;
}
