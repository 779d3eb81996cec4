import { createHash } from 'node:crypto';

/** Draws a whole number from 0 up to `of`, exclusive. */
export type Draw = (of: number) => number;

/** Numbers determined by a seed: the same ones in the same order each time, on any machine. */
export function drawsFrom(seed: number): Draw {
  let drawn = 0;
  return (of) => {
    drawn += 1;
    return createHash('sha256').update(`${seed}:${drawn}`).digest().readUInt32BE() % of;
  };
}

/** One of several, each as likely as its weight says. @throws RangeError if there is none */
export function drawWeighted<T extends { readonly weight: number }>(draw: Draw, from: readonly T[]): T {
  let rest = draw(from.reduce((sum, { weight }) => sum + weight, 0));
  for (const one of from) {
    rest -= one.weight;
    if (rest < 0) return one;
  }
  throw new RangeError('there is nothing to draw from');
}

/** One of several, all equally likely. @throws RangeError if there is none */
export function drawOne<T>(draw: Draw, from: readonly T[]): T {
  return drawWeighted(
    draw,
    from.map((one) => ({ one, weight: 1 })),
  ).one;
}
