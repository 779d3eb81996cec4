import { asStatement } from '../../estimate/definitions/routine-definitions.ts';
import { HOUR_MS } from '../../foundation/calendar/durations.ts';
import { unitOf } from '../../vocabulary/budget.ts';
import type { FingerprintHistory } from '../../vocabulary/fingerprint-history.ts';
import type { Currency, Micros } from '../../vocabulary/money.ts';
import { type RoutineDefinition, routineName } from '../../vocabulary/routine.ts';
import type { BudgetBalance } from '../../vocabulary/spend.ts';
import { type TableReference, tableName } from '../../vocabulary/table.ts';
import type { TableDefinition } from '../../vocabulary/table-definition.ts';
import { unspentBalances } from '../ask-budgets.ts';
import type { RehearsalLookups } from '../rehearse.ts';
import type { CaseGiven, GivenAmount } from './case-schema.ts';

/** What the ledger and the warehouse would say about a query, according to a case. */
export function lookupsFor(given: CaseGiven, atMs: number): RehearsalLookups {
  const { budgets = {}, table_definitions: definitions = {}, history, slot_time: slotMs } = given;
  const { routine_definitions: routines = {} } = given;
  return {
    balances: async (coverages, nowMs) =>
      unspentBalances(coverages, nowMs).map((balance) => {
        const { used, reserved } = budgets[balance.budget.name] ?? {};
        return { ...balance, used: amountOf(used, balance), reserved: amountOf(reserved, balance) };
      }),
    definitionOf: async (table) => {
      const given = definitions[tableName(table)];
      return given === undefined ? null : definitionFrom(table, given);
    },
    routineOf: async (routine) => {
      const given = routines[routineName(routine)];
      return given === undefined ? null : routineFrom(given);
    },
    historyOf: async (_fingerprint, currency) => historyFrom(history, currency, atMs),
    expectedSlotMs: async () => slotMs ?? null,
  };
}

/** A table from its name as `project.dataset.table`. */
export function tableOf(name: string): TableReference {
  const [projectId = '', datasetId = '', ...rest] = name.split('.');
  return { projectId, datasetId, tableId: rest.join('.') };
}

function amountOf(given: GivenAmount | undefined, { budget, limit }: BudgetBalance): bigint {
  if (given === undefined) return 0n;
  if ('percent' in given) return (limit * given.percent) / 100n;
  if (given.unit === unitOf(budget.limit)) return given.amount;
  throw new Error(`unreachable: a case was read that gives ${given.unit} for budget ${budget.name}`);
}

function definitionFrom(
  table: TableReference,
  { partitioned_by, clustered_by, kind, size, sql }: NonNullable<CaseGiven['table_definitions']>[string],
): TableDefinition {
  return {
    table,
    kind: kind ?? (sql === undefined ? 'TABLE' : 'VIEW'),
    columns: [],
    partitionColumn: partitioned_by ?? null,
    clusterColumns: clustered_by ?? [],
    bytes: size ?? null,
    sql,
  };
}

function routineFrom({
  body,
  outside,
}: NonNullable<CaseGiven['routine_definitions']>[string]): RoutineDefinition {
  const isOutside = outside === 'true';
  return { isOutside, sql: isOutside || body === undefined ? null : asStatement(body) };
}

const NEVER_RAN: FingerprintHistory = { runs: 0, medianCost: null, p95Cost: null, lastSeenMs: null };

function historyFrom(given: CaseGiven['history'], currency: Currency, atMs: number): FingerprintHistory {
  if (given === undefined || given.runs === 0) return NEVER_RAN;
  const money = (micros: Micros | undefined) => (micros === undefined ? null : { currency, micros });
  return {
    runs: given.runs,
    medianCost: money(given.median_cost),
    p95Cost: money(given.p95_cost),
    lastSeenMs: given.last_seen_hours === undefined ? null : atMs - given.last_seen_hours * HOUR_MS,
  };
}
