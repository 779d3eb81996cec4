import type { LedgerReader } from '../../ledger/ledger.ts';

/** A seal, and how many entries it sealed. */
export interface CountedSeal {
  readonly seal: bigint;
  readonly entries: bigint;
}

/** The seals from one on, at most so many, and only as far as their entries are few enough, but at least one. */
export async function nextSeals(
  db: LedgerReader,
  from: bigint,
  { maxSeals, maxEntries }: { readonly maxSeals: number; readonly maxEntries: number },
): Promise<readonly CountedSeal[]> {
  const seals = await db
    .selectFrom('seals')
    .select(['seal', 'entries'])
    .where('seal', '>=', from)
    .orderBy('seal')
    .limit(maxSeals)
    .execute();
  return firstSeals(seals, maxEntries);
}

/** The first of some seals, as far as their entries are few enough, but at least one. */
export function firstSeals<Seal extends CountedSeal>(
  seals: readonly Seal[],
  maxEntries: number,
): readonly Seal[] {
  let entries = 0n;
  const end = seals.findIndex((seal) => {
    entries += seal.entries;
    return entries > maxEntries;
  });
  return end === -1 ? seals : seals.slice(0, Math.max(end, 1));
}
