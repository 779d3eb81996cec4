import { matchesGlob } from '../foundation/text/glob.ts';
import {
  type Budget,
  type BudgetSubject,
  type Coverage,
  type SubjectKind,
  UNNAMED_ACCOUNT,
} from '../vocabulary/budget.ts';
import type { Caller } from '../vocabulary/caller.ts';
import { type BudgetEntry, selectors } from './document/budget-schema.ts';
import type { Located } from './document/sections.ts';

const DEFAULT_QUEUE = { length: 20, waitMs: 30_000 };
const NO_QUEUE = { length: 0, waitMs: 0 };

/**
 * A budget from the files, with defaults for what they leave out.
 * @param contacts whom each team asks that says, for budgets of teams that do not say
 */
export function budgetFrom(
  { value, at }: Located<BudgetEntry>,
  contacts: ReadonlyMap<string, string>,
): Budget {
  const { limit, queue, team } = value;
  const contact = value.contact ?? (team === undefined ? null : (contacts.get(team) ?? null));
  return {
    name: value.name,
    subject: subjectOf(value),
    per: value.per ?? null,
    window: value.window ?? 'now',
    timeZone: value.time_zone ?? 'UTC',
    limit,
    whenExceeded: value.when_exceeded ?? 'deny',
    warnAt: (value.warn_at ?? []).toSorted((a, b) => a - b),
    queue:
      limit.measure === 'at once'
        ? { length: queue?.length ?? DEFAULT_QUEUE.length, waitMs: queue?.wait ?? DEFAULT_QUEUE.waitMs }
        : NO_QUEUE,
    contact,
    teamContacts:
      value.per === 'team' && contact === null
        ? [...contacts].map(([of, whom]) => ({ team: of, contact: whom }))
        : [],
    source: at(),
  };
}

function subjectOf(entry: BudgetEntry): BudgetSubject {
  return Object.fromEntries(
    selectors.flatMap((kind) => (entry[kind] === undefined ? [] : [[kind, entry[kind]]])),
  );
}

/** Who asks, and in which project. */
interface Spender {
  readonly caller: Caller;
  readonly projectId: string;
}

/** Those of the budgets that cover a query, in order, each with the account that pays. */
export function coverageAmong(budgets: readonly Budget[], spender: Spender): readonly Coverage[] {
  return budgets
    .filter(({ subject }) => covers(subject, spender))
    .map((budget) => ({ budget, account: accountOf(budget.per, spender) }));
}

function covers(subject: BudgetSubject, { caller, projectId }: Spender): boolean {
  const values = { ...caller, project: projectId };
  return selectors.every((kind) => {
    const wanted = subject[kind];
    if (wanted === undefined) return true;
    if (kind === 'principal')
      return matchesGlob((values.principal ?? '').toLowerCase(), wanted.toLowerCase());
    return kind === 'project' ? matchesGlob(values.project, wanted) : values[kind] === wanted;
  });
}

/** Persons, dashboards and cards are keyed as `tool:name`, since a name is unique only within its tool. */
function accountOf(per: SubjectKind | null, { caller, projectId }: Spender): string {
  switch (per) {
    case null:
      return '';
    case 'team':
      return caller.team;
    case 'project':
      return projectId;
    case 'principal':
      return caller.principal?.toLowerCase() ?? UNNAMED_ACCOUNT;
    default: {
      const name = caller[per];
      return name === null ? UNNAMED_ACCOUNT : `${caller.tool ?? ''}:${name}`;
    }
  }
}
