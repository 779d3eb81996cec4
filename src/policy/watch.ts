import { setTimeout as sleep } from 'node:timers/promises';
import { watch } from 'chokidar';
import { startRounds } from '../foundation/waiting/rounds.ts';
import { type PolicyError, PolicyRejected, policyError } from './document/errors.ts';
import { type PolicyTexts, readPolicyFolder } from './document/folder.ts';
import { policyFrom } from './load.ts';
import type { Policy } from './policy.ts';
import type { OnRuleError } from './rules/judge.ts';

export interface PolicyEvents {
  /** Another policy is in force: an edit, or the correction of a bad edit. */
  onReload(policy: Policy): void;
  /** An edit was rejected; the policy before it stays in force. */
  onRejected(errors: readonly PolicyError[]): void;
  /** A look at the folder failed, for example because a listener threw; the next look comes all the same. */
  onError(error: unknown): void;
  readonly onRuleError: OnRuleError;
}

/** The policy in force, which an edit replaces completely or not at all. */
export interface PolicyWatch {
  /** The policy in force. */
  current(): Policy;
  /** The errors of a rejected edit that has not been corrected, or null. */
  rejected(): readonly PolicyError[] | null;
  close(): Promise<void>;
}

/** How changes of the folder are noticed. */
export interface WatchTiming {
  /** How long the folder must be quiet before it is read: editors and mounts write in several steps. */
  readonly debounceMs: number;
  /** How often contents are compared, for what raises no file event: swapped links, network mounts. */
  readonly compareMs: number;
}

const TIMING: WatchTiming = { debounceMs: 150, compareMs: 3_000 };

/**
 * Loads the policy files of a folder and follows their edits.
 * @throws PolicyRejected with all errors, if the files are wrong at the start
 */
export async function watchPolicy(
  folder: string,
  events: PolicyEvents,
  timing: WatchTiming = TIMING,
): Promise<PolicyWatch> {
  const options = { onRuleError: events.onRuleError };
  const first = await readPolicyFolder(folder);
  let policy = policyFrom(folder, first, options);
  let rejected: readonly PolicyError[] | null = null;
  let lastVersion = first.version;

  async function compare(): Promise<void> {
    const version = versionOf(await readOrErrors(folder));
    if (version === lastVersion) return;
    // Half a file can be a valid policy with fewer rules, so a file that is still being written is not accepted.
    await sleep(timing.debounceMs, undefined, { ref: false });
    const texts = await readOrErrors(folder);
    if (versionOf(texts) !== version) return;
    lastVersion = version;
    const next = 'errors' in texts ? texts : policyOrErrors(() => policyFrom(folder, texts, options));
    if ('errors' in next) {
      rejected = next.errors;
      events.onRejected(next.errors);
    } else {
      policy = next;
      rejected = null;
      events.onReload(next);
    }
  }

  const close = await followFolder(folder, compare, events.onError, timing);
  return { current: () => policy, rejected: () => rejected, close };
}

interface Rejection {
  readonly errors: readonly PolicyError[];
}

function versionOf(texts: PolicyTexts | Rejection): string {
  return 'errors' in texts ? texts.errors.join('\n') : texts.version;
}

async function readOrErrors(folder: string): Promise<PolicyTexts | Rejection> {
  try {
    return await readPolicyFolder(folder);
  } catch (error) {
    return rejection(error);
  }
}

function policyOrErrors(load: () => Policy): Policy | Rejection {
  try {
    return load();
  } catch (error) {
    return rejection(error);
  }
}

/** An edit must never end the process, whatever it does to the loader. */
function rejection(error: unknown): Rejection {
  if (error instanceof PolicyRejected) return { errors: error.errors };
  const problem = `the policy files cannot be loaded: ${String(error)}`;
  return {
    errors: [policyError({ file: 'policies', line: 1, column: 1 }, problem, 'expected files as documented')],
  };
}

/** Calls `compare` after file events and at intervals, one call at a time, until it is stopped. */
async function followFolder(
  folder: string,
  compare: () => Promise<void>,
  onError: (error: unknown) => void,
  { debounceMs, compareMs }: WatchTiming,
): Promise<() => Promise<void>> {
  let last: Promise<unknown> = Promise.resolve();
  let stopped = false;
  let pending: NodeJS.Timeout | undefined;
  const compareInTurn = () => {
    const run = last.then(() => (stopped ? undefined : compare()));
    last = run.catch(() => undefined);
    return run;
  };
  const scheduleCompare = () => {
    clearTimeout(pending);
    pending = setTimeout(() => void compareInTurn().catch(onError), debounceMs).unref();
  };
  const watcher = watch(folder, { ignoreInitial: true, depth: 0 });
  // Without file events, the timer still finds every edit.
  watcher.on('all', scheduleCompare).on('error', () => undefined);
  const stopRounds = startRounds({ firstAfterMs: compareMs, everyMs: compareMs, onError }, compareInTurn);
  await new Promise<void>((resolve) => {
    watcher.once('ready', () => resolve());
    setTimeout(resolve, 2_000).unref();
  });
  return async () => {
    stopped = true;
    clearTimeout(pending);
    await stopRounds();
    await last;
    await watcher.close();
  };
}
