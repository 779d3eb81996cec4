import type { Bytes } from './bytes.ts';
import { mayRunInPart } from './estimate.ts';

/** How much of the bytes that a statement is billed for goes into making models, which cost more: so much of so much. */
export type ModelShare = 'none' | 'all' | { readonly ofModels: Bytes; readonly ofAll: Bytes };

/** @param ofAll what the statement is billed; more than that are all of it */
export function modelShare(ofModels: Bytes, ofAll: Bytes): ModelShare {
  if (ofModels <= 0n) return 'none';
  return ofModels >= ofAll ? 'all' : { ofModels, ofAll };
}

/**
 * What a statement by itself goes into, by the warehouse's word for it. Of a script that word tells nothing: `none` stands
 * for what is not looked for in its parts.
 * @param statementType `SELECT`, `CREATE_MODEL` and such; null where the warehouse does not say
 */
export function modelsOf(statementType: string | null): ModelShare {
  return statementType === 'CREATE_MODEL' ? 'all' : 'none';
}

/**
 * The most of what is not run yet that can go into models: all of a script that makes one, or that runs what nobody sees.
 * @param mayMakeModel whether its SQL may; asked only of scripts
 */
export function foreseenModels(statementType: string, mayMakeModel: () => boolean): ModelShare {
  return mayRunInPart({ statementType }) && mayMakeModel() ? 'all' : modelsOf(statementType);
}
