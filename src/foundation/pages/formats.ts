import type { Language } from '../text/language.ts';

const MAX_NAME_LENGTH = 120;

/**
 * A name that clients gave: on one line, cut if it is too long, without characters that change the writing direction.
 */
export function shortName(name: string, maxLength = MAX_NAME_LENGTH): string {
  const characters = [...name.replace(/\s+/g, ' ').replace(/\p{C}/gu, '�')];
  return characters.length <= maxLength ? characters.join('') : `${characters.slice(0, maxLength).join('')}…`;
}

/** A number with the separators of the language. */
export function formatCount(value: number, language: Language): string {
  return new Intl.NumberFormat(language).format(value);
}

/** A count of something: `1 query`, `2 queries`. */
export function formatCountOf(
  value: number,
  language: Language,
  { one, other }: { readonly one: string; readonly other: string },
): string {
  // Portuguese writes 0 with the plural, although its plural rules treat it as one.
  return `${formatCount(value, language)} ${value === 1 ? one : other}`;
}

/** From 0 to 1, as a percentage. */
export function formatShare(value: number, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(value);
}

/** The amounts by which spend is compared. */
interface Spent {
  readonly costMicros: bigint;
  readonly bytesBilled: bigint;
}

/** From 0 to 1: a part's share of a total, by cost, or by bytes if nothing cost anything. */
export function shareOfSpend(part: Spent, total: Spent): number {
  if (total.costMicros > 0n) return Number(part.costMicros) / Number(total.costMicros);
  return total.bytesBilled > 0n ? Number(part.bytesBilled) / Number(total.bytesBilled) : 0;
}

/** A change as a percentage with its sign. */
export function formatChange(value: number, language: Language): string {
  const format = { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' } as const;
  return new Intl.NumberFormat(language, format).format(value);
}
