import type { Effect, EntryChange, FieldChange, PolicyDiff, Section } from '../../../policy/diff/diff.ts';
import { sectionNames } from '../../../policy/diff/diff.ts';
import type { Field } from '../../../policy/diff/entry.ts';
import { changeKinds } from '../../../reports/replay/outcomes.ts';
import type { ReplayReport } from '../../../reports/replay/report.ts';
import { formatAmounts, formatUtc, RULES_ALONE } from '../../../reports/replay/words.ts';
import { pluralize } from '../pluralize.ts';

/** Two sets of policy files, and how they differ in meaning. */
export interface PolicyComparison {
  readonly before: string;
  readonly after: string;
  readonly diff: PolicyDiff;
  /** What the new files would have decided about past queries; null if that was not asked. */
  readonly replay: ReplayReport | null;
}

const NOUNS: Readonly<Record<Section, string>> = {
  rules: 'rule',
  exemptions: 'exemption',
  budgets: 'budget',
  teams: 'team',
  catalog: 'table',
  pricing: 'pricing section',
  webhooks: 'webhook',
  settings: 'setting section',
};

const SIGNS: Readonly<Record<'tightens' | 'loosens', string>> = {
  tightens: '🔒 tightens',
  loosens: '🔓 loosens',
};

/** A section for a pull request's description: first a summary, then a table for each kind of entry. */
export function comparisonAsMarkdown({ before, after, diff, replay }: PolicyComparison): string {
  const { changes, moves } = diff;
  const title = `### Policy diff: ${code(before)} → ${code(after)}`;
  if (changes.length === 0 && moves.length === 0) return `${title}\n\nNo change in what the policy means.\n`;
  const past = replay === null ? [] : replayParts(replay);
  const sections = sectionNames.flatMap((section) => {
    const own = changes.filter((change) => change.section === section);
    return own.length === 0 ? [] : [`#### ${section[0]?.toUpperCase()}${section.slice(1)}`, tableOf(own)];
  });
  const moved =
    moves.length === 0
      ? []
      : [
          '#### Who moves',
          table(
            ['Principal', 'From team', 'To team'],
            moves.map((move) => [code(move.principal), move.before, move.after]),
          ),
        ];
  return `${[title, sumsOf(diff), ...past, ...sections, ...moved].join('\n\n')}\n`;
}

function sumsOf({ changes }: PolicyDiff): string {
  const counted = sectionNames.flatMap((section) =>
    (['added', 'removed', 'changed'] as const).flatMap((kind) => {
      const number = changes.filter((change) => change.section === section && change.kind === kind).length;
      return number === 0 ? [] : [`${pluralize(number, NOUNS[section])} ${kind}`];
    }),
  );
  const effects = changes.flatMap((change) =>
    change.fields.length === 0 ? [change.effect] : change.fields.map(({ effect }) => effect),
  );
  const tighter = effects.filter((effect) => effect === 'tightens').length;
  const looser = effects.filter((effect) => effect === 'loosens').length;
  const sums = counted.length === 0 ? 'Only who is in which team' : counted.join(', ');
  return `**${sums}.** ${pluralize(tighter, 'change')} tighten${tighter === 1 ? 's' : ''} and ${looser} loosen${looser === 1 ? 's' : ''} what runs.`;
}

function tableOf(changes: readonly EntryChange[]): string {
  return table(
    ['', 'Name', 'What', 'Before', 'After', 'Effect'],
    changes.flatMap((change) => {
      if (change.kind === 'added')
        return [['➕', bold(change.name), 'added', '', change.summary, effect(change.effect)]];
      if (change.kind === 'removed')
        return [['➖', bold(change.name), 'removed', change.summary, '', effect(change.effect)]];
      return change.fields.map((field, index) => [
        index === 0 ? '✏️' : '',
        index === 0 ? bold(change.name) : '',
        field.field,
        ...beforeAndAfter(field),
        effect(field.effect),
      ]);
    }),
  );
}

/**
 * Whom the new files would have affected. Each query counts once per day and person, since whoever is refused tries
 * again.
 */
function replayParts(report: ReplayReport): readonly string[] {
  const { fromMs, toMs, budgets, coverage, changes, rows, outcomes } = report;
  const unknown = Object.values(outcomes).reduce((sum, after) => sum + after.unknown, 0);
  const counted = changeKinds.map((kind) => {
    const { all, once, persons } = changes[kind];
    const teams = rows.team.flatMap(({ name, changes: own }) =>
      own[kind].queries === 0 ? [] : [`${name ?? '(none)'} ${own[kind].queries}`],
    );
    return [
      kind,
      String(all.queries),
      String(once.queries),
      String(persons),
      formatAmounts(once),
      teams.join(', '),
    ];
  });
  return [
    `#### What the new policy would have made of ${pluralize(coverage.decisions, 'query', 'queries')}, ${formatUtc(fromMs)} to ${formatUtc(toMs)}`,
    table(['', 'Queries', 'Once a day and person', 'Persons', 'Bytes and cost, once', 'Teams'], counted),
    ...(unknown === 0
      ? []
      : [
          `What would become of ${pluralize(unknown, 'query', 'queries')} turns on facts that no record holds.`,
        ]),
    ...(budgets === 'left out' ? [RULES_ALONE] : []),
  ];
}

function effect(of: Effect): string {
  return of === null ? '' : SIGNS[of];
}

function beforeAndAfter({ before, after }: FieldChange): readonly [string, string] {
  if (before?.list !== undefined && after?.list !== undefined) {
    const [removed, added] = [without(before.list, after.list), without(after.list, before.list)];
    return [removed.map((part) => `− ${part}`).join(', '), added.map((part) => `+ ${part}`).join(', ')];
  }
  return [before?.text ?? 'none', `${after?.text ?? 'none'}${growth(before, after)}`];
}

function without(list: readonly string[], others: readonly string[]): readonly string[] {
  return list.filter((part) => !others.includes(part));
}

/** ` (+50 %)`, for amounts in the same unit. */
function growth(before: Field | null, after: Field | null): string {
  if (before?.amount === undefined || after?.amount === undefined) return '';
  const [old, now] = [before.amount, after.amount];
  if (old.unit !== now.unit || old.value === 0n) return '';
  const perMille = ((now.value - old.value) * 1000n) / old.value;
  const sign = perMille > 0n ? '+' : '';
  return ` (${sign}${Number(perMille) / 10} %)`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A vertical bar would end the cell, and a line feed the row. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

function code(text: string): string {
  return `\`${text}\``;
}

function bold(text: string): string {
  return `**${text.replaceAll('*', '\\*')}**`;
}

/** The same for programs, with amounts as decimal text. */
export function comparisonAsJson({ before, after, diff, replay }: PolicyComparison): string {
  const plain = (_: string, value: unknown) => {
    if (value instanceof Map) return Object.fromEntries(value);
    return typeof value === 'bigint' ? value.toString() : value;
  };
  return `${JSON.stringify({ before, after, isSame: diff.changes.length + diff.moves.length === 0, ...diff, replay: replay?.changes ?? null }, plain, 2)}\n`;
}
