import { createHmac, randomBytes, scryptSync } from 'node:crypto';
import type { AccessSettings } from '../../settings/access.ts';

/** Always the same for a name, such as `person-4f2a9c1d`; nobody without the key can tell whose it is. */
export type Pseudonym = (name: string) => string;

const KEY_BYTES = 32;

/** Two of several thousand persons hardly ever share one. */
const DIGITS = 8;

/**
 * Pseudonyms made with the key in the settings, or else with the tokens of those who may see persons anyway, so that
 * every process with the same settings makes the same ones. Without either, they last as long as this process. A viewer
 * who knows whom a pseudonym stands for could use it to test guesses of a token offline; the key is therefore slow to
 * derive, some dozens of milliseconds, so that each guess is slow too.
 */
export function createPseudonyms({ pseudonymKey, tokens }: AccessSettings): Pseudonym {
  const tokensOfSeers = [...tokens.operator.values(), ...tokens.analyst.values()].toSorted();
  const secret =
    pseudonymKey ?? (tokensOfSeers.length === 0 ? randomBytes(KEY_BYTES) : tokensOfSeers.join('\n'));
  const key = scryptSync(secret, 'guardrail pseudonyms', KEY_BYTES);
  return (name) => `person-${createHmac('sha256', key).update(name).digest('hex').slice(0, DIGITS)}`;
}
