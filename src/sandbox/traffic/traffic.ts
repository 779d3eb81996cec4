import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, ask } from './ask.ts';
import type { Persona } from './people.ts';
import type { Visit, VisitQuery } from './visits.ts';

/** People at their tools. */
export interface Traffic {
  /** Starts no more visits; resolves when those under way have their answers. */
  stop(): Promise<void>;
}

export interface TrafficOptions {
  readonly proxyUrl: string;
  readonly visits: Iterable<Visit>;
  /** What each account may be billed, so that most of its budget is left to whoever tries the demo. */
  readonly allowance: Allowance;
  /** Called when a question got no answer. */
  readonly onError: (error: unknown) => void;
}

/** An account that has been billed all of its share asks nothing until the share has grown. */
interface Allowance {
  readonly firstBytes: bigint;
  readonly bytesPerHour: bigint;
}

/** The most questions of a visit under way at once, however many a dashboard has. */
const AT_ONCE = 2;

/**
 * After a visit nobody asks for this many times as long as it took, so that the machine has most of its time for
 * others.
 */
const REST = 3;

const HOUR_MS = 3_600_000n;

/** Lets people visit one after another, until it is stopped or there are no more visits. */
export function startTraffic(options: TrafficOptions): Traffic {
  const stopping = new AbortController();
  const done = visitAll(options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function visitAll(options: TrafficOptions, signal: AbortSignal): Promise<void> {
  const billed = new Map<string, bigint>();
  const beganMs = performance.now();
  for (const visit of options.visits) {
    const startedMs = performance.now();
    const account = accountOf(visit.asker);
    const before = billed.get(account) ?? 0n;
    if (before < allowed(options.allowance, startedMs - beganMs)) {
      billed.set(account, before + (await makeVisit(visit, options, signal)));
    }
    const tookMs = performance.now() - startedMs;
    await sleep(Math.max(visit.waitMs, REST * tookMs), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  }
}

function allowed({ firstBytes, bytesPerHour }: Allowance, elapsedMs: number): bigint {
  return firstBytes + (bytesPerHour * BigInt(Math.floor(elapsedMs))) / HOUR_MS;
}

function accountOf(asker: Persona): string {
  return asker.tool === 'metabase' ? asker.vertical : asker.principal;
}

/** @returns bytes billed */
async function makeVisit(visit: Visit, options: TrafficOptions, signal: AbortSignal): Promise<bigint> {
  const waiting = [...visit.questions];
  const sums = await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      let bytes = 0n;
      for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
        bytes += await askAndReact(visit, next, options);
      }
      return bytes;
    }),
  );
  return sums.reduce((sum, bytes) => sum + bytes, 0n);
}

async function askAndReact(visit: Visit, question: VisitQuery, options: TrafficOptions): Promise<bigint> {
  const first = await ask(visit.asker, question, options);
  const next = nextQuestion(visit, question, first);
  if (next === null) return first.bytesBilled;
  return first.bytesBilled + (await ask(visit.asker, next, options)).bytesBilled;
}

/** What somebody asks after a refusal; null if they leave it. */
function nextQuestion({ whenRefused }: Visit, question: VisitQuery, { offers }: Answer): VisitQuery | null {
  if (offers === null || whenRefused === 'leave it') return null;
  if (whenRefused === 'try again') return question;
  const [sql] = offers;
  return sql === undefined ? null : { ...question, sql };
}
