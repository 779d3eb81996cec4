import { createHmac, randomBytes, scryptSync } from 'node:crypto';
import type { AccessSettings } from '../../settings/access.ts';

/** The same for the same name, such as `person-4f2a9c1d`; who has no key cannot tell whose it is. */
export type Pseudonym = (name: string) => string;

const KEY_BYTES = 32;

/** Among thousands of persons two hardly ever share one. */
const DIGITS = 8;

/**
 * Pseudonyms made with the key that the settings give, else with the tokens of those who may see persons anyway: every
 * process with the same settings makes the same. Where there is neither, they last as long as this process. A viewer
 * who knows whom a pseudonym stands for could try out tokens on it, unseen: a key that is slow to make, some dozens of
 * milliseconds, makes each try slow.
 */
export function createPseudonyms({ pseudonymKey, tokens }: AccessSettings): Pseudonym {
  const seeing = [...tokens.operator.values(), ...tokens.analyst.values()].toSorted();
  const secret = pseudonymKey ?? (seeing.length === 0 ? randomBytes(KEY_BYTES) : seeing.join('\n'));
  const key = scryptSync(secret, 'guardrail pseudonyms', KEY_BYTES);
  return (name) => `person-${createHmac('sha256', key).update(name).digest('hex').slice(0, DIGITS)}`;
}
