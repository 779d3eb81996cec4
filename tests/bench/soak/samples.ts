import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds, type Held, held } from '../measure/process-usage.ts';
import type { GuardProcess } from '../measure/server-process.ts';

/** What a guardrail holds in one minute. */
export interface Sample extends Held {
  readonly minute: number;
  /** The least of the minute: what stays once the collector was there. */
  readonly heapBytes: number;
  /** Processor time so far, of the process and its children. */
  readonly cpuSeconds: number;
}

/** Some looks in each minute; the least of them is told, since what is in use for a moment leaks nothing. */
const LOOK_EVERY_MS = 5_000;
const LOOKS_PER_MINUTE = 12;

/** Looks at a guardrail for some minutes. */
export async function sampled(
  guard: GuardProcess,
  minutes: number,
  tell: (sample: Sample) => void,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    const looks: Omit<Sample, 'minute'>[] = [];
    for (let look = 0; look < LOOKS_PER_MINUTE; look += 1) {
      await sleep(LOOK_EVERY_MS);
      looks.push({ ...held(guard.pid), heapBytes: await heapOf(guard), cpuSeconds: cpuSeconds(guard.pid) });
    }
    const sample = { minute, ...leastOf(looks) };
    samples.push(sample);
    tell(sample);
  }
  return samples;
}

function leastOf(looks: readonly Omit<Sample, 'minute'>[]): Omit<Sample, 'minute'> {
  const least = (key: keyof Omit<Sample, 'minute'>) => Math.min(...looks.map((look) => look[key]));
  return {
    residentBytes: least('residentBytes'),
    childrenBytes: least('childrenBytes'),
    children: least('children'),
    descriptors: least('descriptors'),
    sockets: least('sockets'),
    heapBytes: least('heapBytes'),
    cpuSeconds: looks.at(-1)?.cpuSeconds ?? 0,
  };
}

async function heapOf({ opsUrl }: GuardProcess): Promise<number> {
  const text = await (await fetch(`${opsUrl}/metrics`)).text();
  const value = /^guardrail_nodejs_heap_size_used_bytes (\S+)$/m.exec(text)?.[1];
  if (value === undefined) throw new Error('the metrics tell no size of the heap');
  return Number(value);
}

/** How fast a figure goes up in each half, by the line that fits best; for each hour. */
export interface Growth {
  readonly firstHalfPerHour: number;
  readonly secondHalfPerHour: number;
  /** The most of the second half over the most of the first: 1 where what goes up comes down again. */
  readonly mostOverMost: number;
}

export function growthOf(samples: readonly Sample[], key: keyof Sample): Growth {
  const half = Math.floor(samples.length / 2);
  const [first, second] = [samples.slice(0, half), samples.slice(half)];
  const slope = (part: readonly Sample[]) =>
    60 * slopeOf(part.map(({ minute, [key]: value }) => [minute, value]));
  const most = (part: readonly Sample[]) => Math.max(...part.map((sample) => sample[key]));
  return {
    firstHalfPerHour: slope(first),
    secondHalfPerHour: slope(second),
    mostOverMost: most(second) / most(first),
  };
}

/** By least squares; 0 of fewer than two points. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const under = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return under === 0 ? 0 : over / under;
}
