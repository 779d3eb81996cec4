import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Money } from '../../vocabulary/money.ts';
import type { CatalogTable } from './report.ts';

/** The sum over all teams. Currencies are never added up. */
export function totalsOf({ teams }: CatalogTable): {
  readonly bytesBilled: Bytes;
  readonly costs: readonly Money[];
} {
  const costs = new Map<string, bigint>();
  for (const { currency, costMicros } of teams) {
    costs.set(currency, (costs.get(currency) ?? 0n) + costMicros);
  }
  return {
    bytesBilled: teams.reduce((sum, { bytesBilled }) => sum + bytesBilled, 0n),
    costs: [...costs].map(([currency, micros]) => ({ currency, micros })),
  };
}
