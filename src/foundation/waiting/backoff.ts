/** Doubles with each failed attempt, plus up to half of it at random, so that replicas do not all come at once. */
export function backoff(
  attempts: number,
  { firstMs, maxMs }: { readonly firstMs: number; readonly maxMs: number },
): number {
  const longest = Math.min(maxMs, firstMs * 2 ** (attempts - 1));
  return Math.round(longest * (0.5 + Math.random() / 2));
}
