import { createBudgets } from '../../../budget/budgets.ts';
import { createRoutineDefinitions } from '../../../estimate/definitions/routine-definitions.ts';
import { createTableDefinitions } from '../../../estimate/definitions/table-definitions.ts';
import type { Ledger } from '../../../ledger/ledger.ts';
import { createFingerprintHistories } from '../../../records/history/fingerprint-history.ts';
import { createSlotHistory } from '../../../records/history/slot-history.ts';
import { unspentBalances } from '../../../rehearsal/ask-budgets.ts';
import type { RehearsalLookups } from '../../../rehearsal/rehearse.ts';
import { askerFrom, type WarehouseFlags } from './query.ts';

/** More tables than rules ever ask about for one query. */
const MAX_TABLES = 1_000;
const TIMEOUT_MS = 30_000;
const TTL_MS = 60_000;

type LedgerSurroundings = Pick<RehearsalLookups, 'balances' | 'historyOf' | 'expectedSlotMs'>;
type WarehouseSurroundings = Pick<RehearsalLookups, 'definitionOf' | 'routineOf'>;

/** What a ledger knows about a query. Half an answer is no use to a command, so errors of the ledger are thrown on. */
export function fromLedger(ledger: Ledger): LedgerSurroundings {
  const reading = {
    ledger,
    maxEntries: 1,
    onError(error: unknown) {
      throw error;
    },
  };
  const histories = createFingerprintHistories(reading);
  return {
    balances: createBudgets({ ledger }).balances,
    historyOf: histories.of,
    expectedSlotMs: createSlotHistory(reading).expectedSlotMs,
  };
}

/** Without a ledger, nothing is spent and nothing is known about earlier runs. */
export const WITHOUT_LEDGER: LedgerSurroundings = {
  balances: async (coverages, atMs) => unspentBalances(coverages, atMs),
  historyOf: async () => null,
  expectedSlotMs: async () => null,
};

/** What the warehouse says about tables and routines; nothing if the estimate is given so as not to ask the warehouse. */
export async function fromWarehouse(flags: WarehouseFlags): Promise<WarehouseSurroundings> {
  if (flags.bytes !== undefined) {
    return { definitionOf: async () => null, routineOf: async () => null };
  }
  const { upstream, asker } = await askerFrom(flags);
  const asking = { upstream, timeoutMs: TIMEOUT_MS, ttlMs: TTL_MS, maxEntries: MAX_TABLES };
  const definitions = createTableDefinitions(asking);
  const routines = createRoutineDefinitions(asking);
  return {
    definitionOf: (table) => definitions.of(table, asker),
    routineOf: (routine) => routines.of(routine, asker),
  };
}
