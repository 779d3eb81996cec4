import { afterAll, expect } from 'vitest';
import { compare } from '../../../src/foundation/lists/compare.ts';
import { type Answered, exchange, pairs, type RequestSpec, textOf } from './exchange.ts';

/** Headers of a single connection, which differ between the two; the date is when the answer was sent. */
const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'trailer', 'date']);

interface Pair {
  /** Directly from the warehouse. */
  readonly direct: Answered;
  readonly guarded: Answered;
}

export type Mask = (text: string) => string;

export interface Differential {
  /**
   * Sends a request directly to the warehouse and through guardrail, and expects the same answer: status, headers and
   * every byte of the body; with a mask, the same masked text.
   */
  same(spec: RequestSpec, mask?: Mask): Promise<Pair>;
}

/** Compares the answers of two origins, and prints at the end how many it compared. */
export function useDifferential(
  what: string,
  origins: () => { readonly direct: string; readonly guarded: string },
): Differential {
  let compared = 0;
  afterAll(() => {
    process.stdout.write(`${what}: ${compared} requests compared\n`);
  });
  return {
    async same(spec, mask) {
      const { direct: directly, guarded: through } = origins();
      const direct = await exchange(directly, spec);
      const guarded = await exchange(through, spec);
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

/** Headers sorted by name, values in order; the case of names is ignored. */
function comparedHeaders({ rawHeaders }: Answered): readonly string[] {
  return pairs(rawHeaders)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !OF_THE_CONNECTION.has(name) && !name.startsWith('x-guardrail-'))
    .toSorted(([a], [b]) => compare(a, b))
    .map(([name, value]) => `${name}: ${value}`);
}

const RANDOM_OF_A_JOB =
  /"(?:jobId|id|selfLink|queryId|creationTime|startTime|endTime|totalSlotMs|etag|tableId|pageToken)": ?"[^"]*"/g;

/** Hides what differs between jobs: names, times, and values derived from them. */
export const hideJob: Mask = (text) =>
  text.replace(RANDOM_OF_A_JOB, (found) => `${found.slice(0, found.indexOf(':'))}: "…"`);

/** Also hides the cap and the labels that guardrail adds to a job and the warehouse returns. */
export const hideGuard: Mask = (text) => {
  const job = JSON.parse(text);
  const { labels, query } = job.configuration;
  for (const name of Object.keys(labels ?? {}).filter((one) => one.startsWith('guardrail_')))
    delete labels[name];
  if (labels !== undefined && Object.keys(labels).length === 0) delete job.configuration.labels;
  delete query.maximumBytesBilled;
  return hideJob(JSON.stringify(job, null, 2));
};
