import type { Ledger } from '../../src/ledger/ledger.ts';

/** What the ledger holds, as sums. */
export interface LedgerFigures {
  readonly used: bigint;
  readonly reserved: bigint;
  readonly openReservations: number;
  /** Bytes billed by the settlements that stand. */
  readonly settledBytes: bigint;
  /** Jobs that more than one decision was charged for. */
  readonly chargedTwice: number;
}

export async function ledgerFigures({ read }: Ledger, budget: string): Promise<LedgerFigures> {
  const windows = await read
    .selectFrom('budget_windows')
    .select(['used', 'reserved'])
    .where('budget', '=', budget)
    .execute();
  const open = await read
    .selectFrom('reservations')
    .select('decision_id')
    .where('state', '=', 'open')
    .execute();
  const settlements = await read
    .selectFrom('settlements')
    .select(['decision_id', 'version', 'bytes_billed', 'job_id'])
    .orderBy('version')
    .execute();
  const standing = [...new Map(settlements.map((row) => [row.decision_id, row])).values()];
  const paid = standing.filter(({ bytes_billed }) => bytes_billed > 0n).map(({ job_id }) => job_id);
  return {
    used: sum(windows.map(({ used }) => used)),
    reserved: sum(windows.map(({ reserved }) => reserved)),
    openReservations: open.length,
    settledBytes: sum(standing.map(({ bytes_billed }) => bytes_billed)),
    chargedTwice: paid.length - new Set(paid).size,
  };
}

/** What a budget holds now, used and reserved together; read in one statement, so that it is one moment's. */
export async function taken({ read }: Ledger, budget: string): Promise<bigint> {
  const { used, reserved } = await read
    .selectFrom('budget_windows')
    .select((eb) => [
      eb.fn.sum<bigint | string | null>('used').as('used'),
      eb.fn.sum<bigint | string | null>('reserved').as('reserved'),
    ])
    .where('budget', '=', budget)
    .executeTakeFirstOrThrow();
  return BigInt(used ?? 0) + BigInt(reserved ?? 0);
}

export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
