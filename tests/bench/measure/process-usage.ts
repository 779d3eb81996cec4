import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';

/*
 * What processes use, as Linux tells it in /proc. A process and all that it started are one: what it hands to its
 * children is its work too.
 */

/** What a process and its children hold at an instant. */
export interface Held {
  /** Resident memory of the process itself. */
  readonly residentBytes: number;
  /** Resident memory of its children together; what they share with it counts with each. */
  readonly childrenBytes: number;
  readonly children: number;
  /** Open file descriptors of the process itself, and how many of them are sockets. */
  readonly descriptors: number;
  readonly sockets: number;
}

/** What the kernel counts processor time in: `getconf CLK_TCK`, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** @see proc_pid_stat(5); counted from the state of the process, the field behind its name */
const FIELD = {
  parent: 1,
  userTicks: 11,
  systemTicks: 12,
  endedUserTicks: 13,
  endedSystemTicks: 14,
} as const;

/** Processor time, user and system, of a process, its children, and those of them that have ended. */
export function cpuSeconds(pid: number): number {
  return secondsOf(familyOf(pid));
}

/** The same of its children alone, without those that have ended. */
export function childrenCpuSeconds(pid: number): number {
  return secondsOf(familyOf(pid).filter((one) => one !== pid));
}

function secondsOf(pids: readonly number[]): number {
  const { userTicks, systemTicks, endedUserTicks, endedSystemTicks } = FIELD;
  const fields = [userTicks, systemTicks, endedUserTicks, endedSystemTicks];
  const ticks = pids.flatMap((one) => {
    const stat = statOf(one);
    return stat === null ? [] : fields.map((field) => Number(stat[field]));
  });
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

export function held(pid: number): Held {
  const children = familyOf(pid).filter((one) => one !== pid);
  const links = descriptorsOf(pid);
  return {
    residentBytes: statusBytes(pid, 'VmRSS'),
    childrenBytes: children.reduce((sum, one) => sum + statusBytes(one, 'VmRSS'), 0),
    children: children.length,
    descriptors: links.length,
    sockets: links.filter((link) => link.startsWith('socket:')).length,
  };
}

/** Resident memory of a process itself, now. */
export function residentBytes(pid: number): number {
  return statusBytes(pid, 'VmRSS');
}

/** The most that was ever resident of a process itself, since it began or since `forgetPeak`. */
export function peakBytes(pid: number): number {
  return statusBytes(pid, 'VmHWM');
}

/** From here on, the peak is counted anew. @see proc_pid_clear_refs(5) */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** A process and what it started, as deep as that goes. */
function familyOf(pid: number): readonly number[] {
  const childrenOf = Map.groupBy(everyProcess(), (one) => Number(statOf(one)?.[FIELD.parent]));
  const family = [pid];
  for (const one of family) family.push(...(childrenOf.get(one) ?? []));
  return family;
}

function everyProcess(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The fields behind the name, which alone can hold spaces; null of a process that is gone. */
function statOf(pid: number): readonly string[] | null {
  const text = orGone(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function statusBytes(pid: number, key: 'VmRSS' | 'VmHWM'): number {
  const text = orGone(() => readFileSync(`/proc/${pid}/status`, 'latin1')) ?? '';
  const kibibytes = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
  return kibibytes === undefined ? 0 : Number(kibibytes) * 1024;
}

function descriptorsOf(pid: number): readonly string[] {
  const names = orGone(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  return names.flatMap((name) => orGone(() => readlinkSync(`/proc/${pid}/fd/${name}`)) ?? []);
}

/** A process, or a descriptor of it, can be gone between one look and the next. */
function orGone<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}
