import { Unpriced } from '../../src/estimate/unpriced.ts';

/** The error that an estimate fails with. */
export async function unpriced(estimating: Promise<unknown>): Promise<Unpriced> {
  const error = await estimating.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Unpriced)) throw new Error('there was a price', { cause: error });
  return error;
}
