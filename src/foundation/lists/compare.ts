/** For sorting in ascending order. Texts are compared by code unit, the same on every machine. */
export function compare<T extends string | bigint>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
