import { setTimeout as sleep } from 'node:timers/promises';
import type { Asker } from '../../estimate/dry-run.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import { mayRunInPart } from '../../vocabulary/estimate.ts';
import { type ModelShare, modelShare, modelsOf } from '../../vocabulary/models.ts';
import { jobsOfScript, type ListedJob } from './list-jobs.ts';

interface Warehouse {
  readonly upstream: string;
  readonly signal: AbortSignal;
}

/** A script that has ended. */
export interface EndedScript {
  readonly projectId: string;
  readonly jobId: string;
  readonly bytesBilled: Bytes;
  /** The credentials to list its jobs with, in turn, until one is accepted. */
  readonly askers: readonly Asker[];
}

/**
 * How much of what a script was billed for went into models, by the jobs of its statements. What these do not account for
 * is taken to have, and so is all of it where they cannot be listed. Null where the process stops before that can be told.
 * Never rejects.
 */
export type ScriptModels = (script: EndedScript) => Promise<ModelShare | null>;

/** A job that has just ended may not be listed at once. */
const DELAYS_MS = [0, 1_000, 5_000];

export function createScriptModels(
  options: Warehouse,
  delaysMs: readonly number[] = DELAYS_MS,
): ScriptModels {
  return async (script) => {
    if (script.bytesBilled <= 0n) return 'none';
    let billed = NOTHING_SEEN;
    for (const delayMs of delaysMs) {
      await sleep(delayMs, undefined, { signal: options.signal, ref: false }).catch(() => undefined);
      if (options.signal.aborted) return null;
      billed = fuller(billed, await look(options, script));
      if (billed.ofAll >= script.bytesBilled) break;
    }
    return modelShare(script.bytesBilled - billed.ofOthers, script.bytesBilled);
  };
}

interface Billed {
  /** What all of the script's statements were billed. */
  readonly ofAll: Bytes;
  /** What those were billed that made no model. */
  readonly ofOthers: Bytes;
}

const NOTHING_SEEN: Billed = { ofAll: 0n, ofOthers: 0n };

/** Of two lists of a script's statements, what the one comes to that accounts for more: the other is not whole. */
function fuller(one: Billed, other: Billed): Billed {
  return other.ofAll > one.ofAll ? other : one;
}

async function look(warehouse: Warehouse, { askers, ...script }: EndedScript): Promise<Billed> {
  let billed = NOTHING_SEEN;
  for (const asker of askers) {
    const seen = await lookAs(asker, warehouse, script);
    billed = fuller(billed, seen.billed);
    if (seen.isWhole) break;
  }
  return billed;
}

async function lookAs(
  asker: Asker,
  warehouse: Warehouse,
  { projectId, jobId }: Pick<EndedScript, 'projectId' | 'jobId'>,
): Promise<{ readonly billed: Billed; readonly isWhole: boolean }> {
  let [ofAll, ofOthers] = [0n, 0n];
  let isWhole = true;
  try {
    for await (const job of jobsOfScript(warehouse, asker, projectId, jobId)) {
      const billed = billedAsStatement(job);
      ofAll += billed;
      if (modelsOf(job.statistics.query?.statementType ?? null) === 'none') ofOthers += billed;
    }
  } catch {
    // Unreachable, refused, no list of jobs or too long a one: looked for again, a bounded number of times.
    isWhole = false;
  }
  return { billed: { ofAll, ofOthers }, isWhole };
}

/** What a job was billed by itself: nothing if it ran other jobs, since they were billed for it. */
function billedAsStatement({ statistics: { query } }: ListedJob): Bytes {
  return mayRunInPart({ statementType: query?.statementType ?? 'UNKNOWN' })
    ? 0n
    : (query?.totalBytesBilled ?? 0n);
}
