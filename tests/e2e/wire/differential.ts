import { afterAll, expect } from 'vitest';
import { type Answered, type Asked, exchange, pairs, textOf } from './exchange.ts';

/** Headers of one connection, which each of the two has for itself; the date is when it was sent. */
const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'trailer', 'date']);

interface Pair {
  /** Straight from the warehouse. */
  readonly direct: Answered;
  readonly guarded: Answered;
}

export type Mask = (text: string) => string;

export interface Differential {
  /**
   * Sends a request straight to the warehouse and through the guardrail, and expects the same answer: status, headers
   * and every byte of the body; with a mask, the same text behind it.
   */
  same(asked: Asked, mask?: Mask): Promise<Pair>;
}

/** Compares what two origins answer, and tells at the end how often it did. */
export function useDifferential(
  what: string,
  origins: () => { readonly direct: string; readonly guarded: string },
): Differential {
  let compared = 0;
  afterAll(() => {
    process.stdout.write(`${what}: ${compared} requests compared\n`);
  });
  return {
    async same(asked, mask) {
      const { direct: directly, guarded: through } = origins();
      const direct = await exchange(directly, asked);
      const guarded = await exchange(through, asked);
      expectSame({ direct, guarded }, mask);
      compared += 1;
      return { direct, guarded };
    },
  };
}

function expectSame({ direct, guarded }: Pair, mask?: Mask): void {
  expect(headOf(guarded)).toEqual(headOf(direct));
  if (mask !== undefined) expect(mask(textOf(guarded))).toBe(mask(textOf(direct)));
  else if (!guarded.body.equals(direct.body)) expect(textOf(guarded)).toBe(textOf(direct));
  else expect(guarded.body.length).toBe(direct.body.length);
}

function headOf(answered: Answered) {
  const { status, statusMessage, complete, continued } = answered;
  return { status, statusMessage, complete, continued, headers: comparedHeaders(answered) };
}

/** By name, in order for each name; the case of names means nothing. */
function comparedHeaders({ rawHeaders }: Answered): readonly string[] {
  return pairs(rawHeaders)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !OF_THE_CONNECTION.has(name) && !name.startsWith('x-guardrail-'))
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}: ${value}`);
}

const RANDOM_OF_A_JOB =
  /"(?:jobId|id|selfLink|queryId|creationTime|startTime|endTime|totalSlotMs|etag|tableId|pageToken)": ?"[^"]*"/g;

/** Hides what every job has of its own: names, times, and what is made of these. */
export const hideJob: Mask = (text) =>
  text.replace(RANDOM_OF_A_JOB, (found) => `${found.slice(0, found.indexOf(':'))}: "…"`);

/** Hides the cap and the labels too, which the guard adds to a job and the warehouse tells back. */
export const hideGuard: Mask = (text) => {
  const job = JSON.parse(text);
  const { labels, query } = job.configuration;
  for (const name of Object.keys(labels ?? {}).filter((one) => one.startsWith('guardrail_')))
    delete labels[name];
  if (labels !== undefined && Object.keys(labels).length === 0) delete job.configuration.labels;
  delete query.maximumBytesBilled;
  return hideJob(JSON.stringify(job, null, 2));
};
