import { GENESIS_HASH, type SealRow, sealHash } from './chain.ts';
import type { BooksFinding } from './findings.ts';

/** The most hashes that a seal may follow if those before it were altered. */
const MAX_CANDIDATES = 4;

/**
 * Checks each seal against the one before, in order of number, and the heads that were kept against the seals. After an
 * altered seal, the next one may follow either its stored hash or its correct one, so that one change makes one
 * finding.
 * @param heads hashes that were kept elsewhere, by the number of their seal
 */
export function createChainCheck(
  heads: ReadonlyMap<number, string>,
  onFinding: (finding: BooksFinding) => void,
): { readonly checkSeal: (seal: SealRow) => void; readonly finish: () => void } {
  let last = 0n;
  let previousHashes: readonly string[] | null = [GENESIS_HASH];
  const unseenHeads = new Map(heads);

  function checkSeal(row: SealRow): void {
    if (typeof row.seal !== 'bigint' || row.seal <= last) {
      onFinding({ finding: 'seal altered', seal: String(row.seal) });
      return;
    }
    if (row.seal > last + 1n) {
      onFinding({ finding: 'seals missing', from: String(last + 1n), to: String(row.seal - 1n) });
      previousHashes = null;
    }
    const recomputed: readonly string[] = previousHashes?.map((hash) => sealHash(hash, row)) ?? [row.hash];
    const follows = recomputed.includes(row.hash);
    if (!follows) onFinding({ finding: 'seal altered', seal: String(row.seal) });
    previousHashes = follows ? [row.hash] : [row.hash, ...recomputed].slice(0, MAX_CANDIDATES);
    last = row.seal;
    checkHead(Number(row.seal), row.hash);
  }

  function checkHead(seal: number, found: string): void {
    const expected = unseenHeads.get(seal);
    unseenHeads.delete(seal);
    if (expected === undefined || expected === found) return;
    onFinding({ finding: 'head not in the chain', seal, expected, found });
  }

  return {
    checkSeal,
    finish() {
      for (const [seal, expected] of unseenHeads) {
        // A missing seal between others is a finding of its own.
        if (BigInt(seal) > last) onFinding({ finding: 'head not in the chain', seal, expected, found: null });
      }
    },
  };
}
