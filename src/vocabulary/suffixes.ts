/** What a wildcard's `_TABLE_SUFFIX` must be for a table to be read; each bound is included. */
export interface SuffixCondition {
  readonly atLeast?: string;
  readonly atMost?: string;
  readonly oneOf?: readonly string[];
  readonly begins?: string;
}

/** Beyond these, warehouse and JavaScript may sort characters differently. */
const PLAIN = /^[\w-]*$/;

/**
 * Whether some condition certainly excludes a suffix.
 * @param suffix for a pattern of the catalog, with a `*`: then, whether each that it matches is excluded
 */
export function isExcluded(suffix: string, conditions: readonly SuffixCondition[]): boolean {
  const [beginning = '', ...rest] = suffix.split('*');
  const mayBe = rest.length === 0 ? exactly(beginning) : anyFrom(beginning);
  return PLAIN.test(beginning) && conditions.some((condition) => !mayMeet(mayBe, condition));
}

/** Which texts a suffix may be. */
interface MayBe {
  readonly is: (text: string) => boolean;
  readonly isBelow: (text: string) => boolean;
  readonly isAbove: (text: string) => boolean;
  readonly beginsWith: (text: string) => boolean;
}

function exactly(suffix: string): MayBe {
  return {
    is: (text) => text === suffix,
    isBelow: (text) => suffix < text,
    isAbove: (text) => suffix > text,
    beginsWith: (text) => suffix.startsWith(text),
  };
}

function anyFrom(beginning: string): MayBe {
  return {
    is: (text) => text.startsWith(beginning),
    isBelow: (text) => beginning < text && !text.startsWith(beginning),
    isAbove: (text) => beginning > text,
    beginsWith: (text) => text.startsWith(beginning) || beginning.startsWith(text),
  };
}

function mayMeet(mayBe: MayBe, { atLeast, atMost, oneOf, begins }: SuffixCondition): boolean {
  if (atLeast !== undefined && PLAIN.test(atLeast) && mayBe.isBelow(atLeast)) return false;
  if (atMost !== undefined && PLAIN.test(atMost) && mayBe.isAbove(atMost)) return false;
  if (oneOf !== undefined && !oneOf.some(mayBe.is)) return false;
  return begins === undefined || mayBe.beginsWith(begins);
}
