import { currency } from '../../../policy/document/schema-parts.ts';
import type { Policy } from '../../../policy/policy.ts';
import { type Conversion, currenciesOf } from '../../../vocabulary/exchange.ts';
import { Failed } from './endpoint.ts';

/** The parameter for the currency of an answer. */
export const currencyKey = {
  currency: currency
    .optional()
    .describe(
      "the currency of costs, such as BRL: each day's at the policy's rate of that day; default: that of the prices",
    ),
};

/** How an answer's costs get into the currency that was asked for; undefined if they stay as they are. */
export function conversionTo(
  to: string | undefined,
  { pricing }: Pick<Policy, 'pricing'>,
): Conversion | undefined | Failed {
  const { currency, exchangeRates } = pricing;
  if (to === undefined || to === currency) return undefined;
  const known = currenciesOf(pricing);
  return known.includes(to)
    ? { to, currency, exchangeRates }
    : new Failed(400, `currency is one of ${known.join(', ')}, for which the policy has prices or a rate`);
}
