import { pricing } from '../../budget/builders.ts';

/** Five reais for a dollar, and six from the 24th on. */
export function exchangeOn(day: string) {
  const microsPerUnit = day < '2026-11-24' ? 5_000_000n : 6_000_000n;
  return { ...pricing, exchangeRates: [{ to: 'BRL', microsPerUnit, asOf: '2026-11-01' }] };
}
