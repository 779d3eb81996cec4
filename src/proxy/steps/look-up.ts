import type { Budgets } from '../../budget/budgets.ts';
import { lookBehind } from '../../estimate/definitions/look-behind.ts';
import type { RoutineDefinitions } from '../../estimate/definitions/routine-definitions.ts';
import type { TableDefinitions } from '../../estimate/definitions/table-definitions.ts';
import type { Estimates } from '../../estimate/estimates.ts';
import { withinMs } from '../../foundation/waiting/within.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Background } from '../../policy/policy.ts';
import type { FingerprintHistories } from '../../records/history/fingerprint-history.ts';
import type { Reader } from '../../sql/processes/reader.ts';
import type { HiddenCalls } from '../../vocabulary/hidden-calls.ts';
import { type TableReference, tableName } from '../../vocabulary/table.ts';
import type { Priced } from '../passage.ts';
import { whoseTurn } from './whose-turn.ts';

/** Where facts are looked up that neither the SQL nor the dry run tells. */
export interface FactStages {
  readonly definitions: TableDefinitions;
  readonly routines: RoutineDefinitions;
  readonly reader: Pick<Reader, 'read'>;
  readonly estimates: Pick<Estimates, 'principalOf'>;
  readonly histories: FingerprintHistories;
  readonly budgets: Budgets;
  readonly metrics: Metrics;
}

/** The longest that a query waits for what the ledger knows about it, before it is judged without that. */
const LEDGER_FACTS_MS = 1000;

/**
 * Looks up what the rules for this query ask for, all at once, and nothing else. What does not come in time is treated
 * as not known, and is no reason to stop: budgets are asked again, and waited for, at admission.
 */
export async function lookUp(priced: Priced, stages: FactStages): Promise<Background> {
  const sources = priced.policy.sourcesFor(priced);
  const [definitions, hiddenCalls, history, balances] = await Promise.all([
    definitionsOf(sources.definitions, priced, stages),
    sources.hiddenCalls ? hiddenCallsOf(priced, stages) : null,
    sources.history ? historyOf(priced, stages) : null,
    sources.budgets.size > 0 ? balancesOf(sources.budgets, priced, stages) : null,
  ]);
  return {
    definitions,
    ...(hiddenCalls === null ? {} : { hiddenCalls }),
    ...(history === null ? {} : { history }),
    ...(balances === null ? {} : { balances }),
  };
}

async function definitionsOf(
  tables: readonly TableReference[],
  { asker }: Priced,
  { definitions }: FactStages,
): Promise<NonNullable<Background['definitions']>> {
  const found = await Promise.all(tables.map((table) => definitions.of(table, asker)));
  return new Map(
    found.flatMap((definition) => (definition === null ? [] : [[tableName(definition.table), definition]])),
  );
}

/** What is needed to look behind views and routines. */
export type BehindStages = Pick<FactStages, 'definitions' | 'routines' | 'reader' | 'estimates'>;

/** Views are read like the query, and in its caller's turn. */
export function hiddenCallsOf(
  query: Pick<Priced, 'asker' | 'reading' | 'estimate'>,
  { definitions, routines, reader, estimates }: BehindStages,
): Promise<HiddenCalls> {
  const { asker } = query;
  return lookBehind(query, {
    tableOf: (table) => definitions.of(table, asker),
    routineOf: (routine) => routines.of(routine, asker),
    async read(sql, projectId) {
      const defaults = { projectId, defaultDataset: null };
      const { reading } = await reader.read(sql, defaults, whoseTurn(asker, estimates));
      return reading;
    },
  });
}

function historyOf({ reading, policy }: Priced, { histories, metrics }: FactStages) {
  return inTime(histories.of(reading.fingerprint, policy.pricing.currency), 'history', metrics);
}

async function balancesOf(
  names: ReadonlySet<string>,
  { policy, caller, job, atMs }: Priced,
  { budgets, metrics }: FactStages,
) {
  const coverages = policy.coverageOf({ caller, projectId: job.projectId });
  const wanted = coverages.filter(({ budget }) => names.has(budget.name));
  return inTime(budgets.balances(wanted, atMs), 'balances', metrics);
}

/** Null if the ledger fails, or takes too long. */
async function inTime<T>(answer: Promise<T>, operation: string, metrics: Metrics): Promise<T | null> {
  try {
    const first = await withinMs(answer, LEDGER_FACTS_MS);
    if (first !== null) return first.value;
  } catch {
    // Counted below, like one that is late.
  }
  metrics.ledgerErrors.inc({ operation });
  return null;
}
