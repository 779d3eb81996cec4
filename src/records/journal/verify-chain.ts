import { BEFORE_ALL, type SealRow, sealHash } from './chain.ts';
import type { BooksFinding } from './findings.ts';

/** The most hashes that a seal may follow if those before it were altered. */
const MOST_CANDIDATES = 4;

/**
 * Checks each seal against the one before, in order of number, and the heads that were kept against the seals. After an
 * altered seal, the next one may follow either its stored hash or its correct one, so that one change makes one
 * finding.
 * @param heads hashes that were kept elsewhere, by the number of their seal
 */
export function createChainCheck(
  heads: ReadonlyMap<number, string>,
  onFinding: (finding: BooksFinding) => void,
): { readonly next: (seal: SealRow) => void; readonly end: () => void } {
  let last = 0n;
  let before: readonly string[] | null = [BEFORE_ALL];
  const unmet = new Map(heads);

  function next(row: SealRow): void {
    if (typeof row.seal !== 'bigint' || row.seal <= last) {
      onFinding({ finding: 'seal altered', seal: String(row.seal) });
      return;
    }
    if (row.seal > last + 1n) {
      onFinding({ finding: 'seals missing', from: String(last + 1n), to: String(row.seal - 1n) });
      before = null;
    }
    const recomputed: readonly string[] = before?.map((hash) => sealHash(hash, row)) ?? [row.hash];
    const follows = recomputed.includes(row.hash);
    if (!follows) onFinding({ finding: 'seal altered', seal: String(row.seal) });
    before = follows ? [row.hash] : [row.hash, ...recomputed].slice(0, MOST_CANDIDATES);
    last = row.seal;
    meet(Number(row.seal), row.hash);
  }

  function meet(seal: number, found: string): void {
    const expected = unmet.get(seal);
    unmet.delete(seal);
    if (expected === undefined || expected === found) return;
    onFinding({ finding: 'head not in the chain', seal, expected, found });
  }

  return {
    next,
    end() {
      for (const [seal, expected] of unmet) {
        // A missing seal between others is a finding of its own.
        if (BigInt(seal) > last) onFinding({ finding: 'head not in the chain', seal, expected, found: null });
      }
    },
  };
}
