import type { Selectable } from 'kysely';
import type { Tariff } from '../vocabulary/pricing.ts';
import type { LedgerSchema } from './schema.ts';
import { storable } from './storable.ts';

type SettlementRow = Selectable<LedgerSchema['settlements']>;
type TariffColumns = Pick<SettlementRow, 'paid_by' | 'price_micros'>;

/**
 * The columns of a settlement that say how it was priced; its currency has a column of its own.
 * @throws LedgerError if the price is more than the ledger can hold
 */
export function tariffColumns(tariff: Tariff | null): TariffColumns {
  if (tariff === null) return { paid_by: null, price_micros: null };
  const price = tariff.model === 'on demand' ? tariff.microsPerTib : tariff.microsPerSlotHour;
  return { paid_by: tariff.model, price_micros: storable(price, 'The price in micros') };
}

/** How a settlement was priced; null if it was entered at a known cost, or before this was kept. */
export function settledTariff({
  paid_by: model,
  price_micros: price,
  currency,
}: TariffColumns & Pick<SettlementRow, 'currency'>): Tariff | null {
  if (model === null || price === null) return null;
  return model === 'on demand'
    ? { model, currency, microsPerTib: price }
    : { model, currency, microsPerSlotHour: price };
}
