import { z } from 'zod';

/** What a load is to be. */
export const orderSchema = z.object({
  url: z.string(),
  connections: z.int(),
  seconds: z.number(),
  /** Sent in turn. */
  queries: z.array(z.string()),
});
export type Order = z.infer<typeof orderSchema>;

export const loadedSchema = z.object({
  answers: z.int(),
  /** Other than 200. */
  failures: z.int(),
  /** Half of the queries waited no longer. */
  p50Micros: z.number(),
  p99Micros: z.number(),
});
export type Loaded = z.infer<typeof loadedSchema>;
