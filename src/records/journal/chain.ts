import type { Selectable } from 'kysely';
import { compare } from '../../foundation/lists/compare.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { LedgerSchema } from '../../ledger/schema.ts';
import { MAX_AMOUNT } from '../../vocabulary/max-amount.ts';
import { digestOf, withType } from './digest.ts';
import type { EntryKind } from './journal.ts';

export type SealRow = Selectable<LedgerSchema['seals']>;

/** The part of an entry that its seal covers. */
export type SealedEntry = Pick<Selectable<LedgerSchema['journal']>, 'kind' | 'id' | 'at_ms' | 'hash'>;

/** The end of the chain. Whoever keeps it elsewhere can prove later that nothing before it was changed. */
export interface ChainHead {
  readonly seal: number;
  readonly hash: string;
  /** When it was sealed. */
  readonly atMs: number;
}

/** Raised when the form changes; seals of later forms will say so in their hash. */
const FORMAT_VERSION = 1;

/** The hash before the first seal. */
export const GENESIS_HASH = '';

const PRUNABLE: ReadonlySet<string> = new Set<EntryKind>(['decision', 'settlement']);

/** Whether entries of this kind are deleted once they are old. */
export function isPrunable(kind: string): boolean {
  return PRUNABLE.has(kind);
}

/** The last seal; null if nothing is sealed yet. */
export async function chainHead(db: LedgerReader): Promise<ChainHead | null> {
  const seal = await db
    .selectFrom('seals')
    .selectAll()
    // SQLite sorts non-numbers after all numbers; a row altered to one must not pass for the end.
    .where('seal', '<=', MAX_AMOUNT)
    .orderBy('seal', 'desc')
    .limit(1)
    .executeTakeFirst();
  return seal === undefined ? null : headOf(seal);
}

/** The head of a chain that ends with this seal. */
export function headOf({ seal, hash, at_ms }: SealRow): ChainHead {
  return { seal: Number(seal), hash, atMs: Number(at_ms) };
}

/** The seal after `head` over these entries, dated `nowMs`, or the head's time if the clock is behind it. */
export function nextSeal(head: ChainHead | null, entries: readonly SealedEntry[], nowMs: number): SealRow {
  const content = {
    seal: BigInt((head?.seal ?? 0) + 1),
    at_ms: BigInt(Math.max(nowMs, head?.atMs ?? nowMs)),
    entries: BigInt(entries.length),
    entries_hash: entriesHash(entries),
    all_before_ms: allBeforeMs(entries),
  };
  return { ...content, hash: sealHash(head?.hash ?? GENESIS_HASH, content) };
}

/** Covers what the journal says about each entry. The order of the entries does not matter. */
export function entriesHash(entries: readonly SealedEntry[]): string {
  // Sorted here because each database sorts text by its own rules.
  const sorted = [...entries].sort((a, b) => compare(a.kind, b.kind) || compare(a.id, b.id));
  return digestOf([
    FORMAT_VERSION,
    sorted.map(({ kind, id, at_ms, hash }) => [kind, id, withType(at_ms), hash]),
  ]);
}

/** @param previous the hash of the previous seal */
export function sealHash(previous: string, content: Omit<SealRow, 'hash'>): string {
  const { seal, at_ms, entries, entries_hash, all_before_ms } = content;
  return digestOf([
    FORMAT_VERSION,
    previous,
    ...[seal, at_ms, entries, entries_hash, all_before_ms].map(withType),
  ]);
}

function allBeforeMs(entries: readonly SealedEntry[]): bigint | null {
  if (!entries.every(({ kind }) => isPrunable(kind))) return null;
  return entries.reduce((latest, { at_ms }) => (at_ms >= latest ? at_ms + 1n : latest), 0n);
}
