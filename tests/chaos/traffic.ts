import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { ProxyProcess } from '../e2e/proxy-process.ts';
import { sum } from './figures.ts';

/** How queries ended, as their clients saw it. */
export interface Counts {
  passed: number;
  refused: number;
  cutOff: number;
  other: number;
}

const AT_ONCE = 32;

/** A process counts as gone this long after its last word, and is seen to by the next round of repair. */
const GONE_AND_SEEN_TO_MS = 65_000;

/** Sends queries that differ, so that none comes from a cache, each to a proxy at random. */
export async function sendTraffic(
  proxies: readonly ProxyProcess[],
  principal: string,
  queries: number,
): Promise<Counts> {
  const counts: Counts = { passed: 0, refused: 0, cutOff: 0, other: 0 };
  let next = 0;
  const worker = async () => {
    while (next < queries) {
      next += 1;
      const proxy = proxies[Math.floor(Math.random() * proxies.length)];
      if (proxy !== undefined) counts[await ask(proxy, principal, next)] += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return counts;
}

async function ask(proxy: ProxyProcess, principal: string, n: number): Promise<keyof Counts> {
  try {
    const response = await fetch(`${proxy.url}/bigquery/v2/projects/guardrail-demo/queries`, {
      method: 'POST',
      headers: { authorization: `Bearer sandbox:${principal}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        query: `SELECT COUNT(agent_id) + ${n} AS n FROM atendimento.agents`,
        useLegacySql: false,
      }),
    });
    const text = await response.text();
    if (response.ok) return 'passed';
    return response.status === 403 && text.includes('quotaExceeded') ? 'refused' : 'other';
  } catch {
    // The process was killed, or was not up yet.
    await sleep(50);
    return 'cutOff';
  }
}

/** Waits for the dead to be known as such, then lets their principal ask, as dashboards go on doing. */
export async function settleOrphans(
  proxies: readonly ProxyProcess[],
  principal: string,
  countOpen: () => Promise<number>,
): Promise<void> {
  await sleep(GONE_AND_SEEN_TO_MS);
  for (let round = 0, before = Infinity; round < 5; round += 1) {
    for (const [i, proxy] of proxies.entries()) await ask(proxy, principal, 10_000_000 + round * 100 + i);
    await sleep(2_000);
    const open = await countOpen();
    if (open === 0 || open === before) return;
    before = open;
  }
}

const jobPage = z.object({
  nextPageToken: z.string().optional(),
  jobs: z
    .array(
      z.object({
        user_email: z.string(),
        statistics: z.object({
          query: z.object({ statementType: z.string(), totalBytesBilled: z.coerce.bigint() }).optional(),
        }),
        configuration: z.object({ labels: z.record(z.string(), z.string()).default({}) }),
      }),
    )
    .default([]),
});

/** What the warehouse's own list says of the jobs that the proxies let through. */
export async function billedByWarehouse(
  sandbox: Sandbox,
  principal: string,
): Promise<{ readonly jobs: number; readonly bytes: bigint }> {
  const billed: bigint[] = [];
  let pageToken = '';
  do {
    const response = await fetch(
      `${sandbox.url}/bigquery/v2/projects/guardrail-demo/jobs?projection=full&maxResults=1000&allUsers=true${pageToken}`,
      { headers: { authorization: `Bearer sandbox:${principal}` } },
    );
    if (!response.ok) throw new Error(`The sandbox does not list its jobs: HTTP ${response.status}`);
    const page = jobPage.parse(await response.json());
    for (const { configuration, statistics } of page.jobs) {
      if (configuration.labels['guardrail_decision'] === undefined) continue;
      billed.push(statistics.query?.totalBytesBilled ?? 0n);
    }
    pageToken = page.nextPageToken === undefined ? '' : `&pageToken=${page.nextPageToken}`;
  } while (pageToken !== '');
  return { jobs: billed.length, bytes: sum(billed) };
}
