import { z } from 'zod';
import type { Persona } from './people.ts';
import { requestOf } from './requests.ts';
import type { VisitQuery } from './visits.ts';

/** The parts of an answer that somebody at a tool goes by. */
export interface Answer {
  readonly bytesBilled: bigint;
  /** Other forms that would pass, best first, if guardrail refused; null if it did not. */
  readonly offers: readonly string[] | null;
}

const ANSWER_WITHIN_MS = 60_000;

const NOTHING: Answer = { bytesBilled: 0n, offers: null };

const rewrites = z.array(z.object({ sql: z.string(), passes: z.boolean() }));

const answered = z.union([
  z.object({ error: z.object({ details: z.tuple([z.object({ rewrites })]) }) }).transform(
    ({ error }): Answer => ({
      bytesBilled: 0n,
      offers: error.details[0].rewrites.filter(({ passes }) => passes).map(({ sql }) => sql),
    }),
  ),
  z
    .object({ statistics: z.object({ query: z.object({ totalBytesBilled: z.coerce.bigint() }) }) })
    .transform(
      ({ statistics }): Answer => ({ bytesBilled: statistics.query.totalBytesBilled, offers: null }),
    ),
  z
    .object({ totalBytesBilled: z.coerce.bigint() })
    .transform(({ totalBytesBilled }): Answer => ({ bytesBilled: totalBytesBilled, offers: null })),
  // A query that failed, or a job that runs.
  z.object({}).transform(() => NOTHING),
]);

/** Sends a query with the asker's tool, and waits for the answer; forever if there is none. */
export async function ask(
  asker: Persona,
  question: VisitQuery,
  { proxyUrl, onError }: { readonly proxyUrl: string; readonly onError: (error: unknown) => void },
): Promise<Answer> {
  const { path, headers, body, next } = requestOf(asker, question);
  try {
    let last = await fetch(`${proxyUrl}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    for (const followUp of next) {
      if (!last.ok) break;
      await last.body?.cancel();
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      last = await fetch(`${proxyUrl}${followUp}`, { headers, signal });
    }
    return answered.parse(await last.json());
  } catch (error) {
    onError(error);
    return NOTHING;
  }
}
