import type { z } from 'zod';

/** A value as it is sent: nothing in it changes any more. */
export type DeepReadonly<T> = T extends Date
  ? T
  : T extends readonly (infer Each)[]
    ? readonly DeepReadonly<Each>[]
    : T extends object
      ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
      : T;

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? unknown : 'not the same type';

/** Takes a schema of exactly this type: a field more or less on either side is a type error. */
export function exactly<T>() {
  return <Schema extends z.ZodType>(
    schema: Schema & Same<DeepReadonly<z.output<Schema>>, DeepReadonly<T>>,
  ): Schema => schema;
}
