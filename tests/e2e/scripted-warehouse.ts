import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { startGuardrail } from '../../src/service/guardrail.ts';
import type { TableReference } from '../../src/vocabulary/table.ts';
import { type LittleServer, littleServer, type Seen, sendJson } from '../little-server.ts';
import { ATENDIMENTO, settings } from './guardrail.ts';

export const QUERIES = '/bigquery/v2/projects/p/queries';
export const JOBS = '/bigquery/v2/projects/p/jobs';
const jobReference = { projectId: 'p', jobId: 'job_1', location: 'US' };

interface DryRunFacts {
  readonly totalBytesProcessed: string;
  readonly totalBytesProcessedAccuracy?: string;
  readonly statementType?: string;
  readonly ddlTargetTable?: TableReference;
  /** For a script, the jobs of its statements; none if left out. */
  readonly children?: readonly { readonly statementType: string; readonly totalBytesBilled: string }[];
}

/**
 * A warehouse that answers dry runs with the given facts, fixed or by the body of the request, and reports every job as done.
 * @param mayAnswer no query is answered before
 */
export function warehouse(
  facts: DryRunFacts | ((request: string) => DryRunFacts),
  mayAnswer: Promise<void> = Promise.resolve(),
): Promise<LittleServer> {
  return littleServer(async (response, seen) => {
    if (seen.url.startsWith(QUERIES)) await mayAnswer;
    answer(response, seen, typeof facts === 'function' ? facts(seen.body) : facts);
  });
}

function answer(response: ServerResponse, seen: Seen, { children = [], ...facts }: DryRunFacts): void {
  const done = { jobReference, user_email: ATENDIMENTO, status: { state: 'DONE' } };
  const billed = {
    totalBytesProcessed: '5',
    query: { ...facts, totalBytesBilled: '10485760', referencedTables: [] },
  };
  if (seen.url.includes('parentJobId=job_1'))
    sendJson(response, 200, { jobs: children.map((query) => ({ ...done, statistics: { query } })) });
  else if (seen.method === 'GET') sendJson(response, 200, { ...done, statistics: billed });
  else if (seen.url.startsWith(QUERIES)) {
    sendJson(response, 200, {
      jobReference,
      jobComplete: true,
      totalBytesProcessed: '5',
      totalBytesBilled: '10485760',
      rows: [],
    });
  } else {
    const isDryRun = /"dryRun":true/.test(seen.body);
    sendJson(
      response,
      200,
      isDryRun ? { ...done, statistics: { query: facts } } : { ...done, statistics: billed },
    );
  }
}

/** A guardrail with the example policies in front of such a warehouse. */
export async function guardrailBefore(upstream: LittleServer, more: Readonly<Record<string, unknown>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-answers-'));
  const guardrail = await startGuardrail(
    settings({
      upstream: upstream.url,
      ledger: `sqlite:${join(folder, 'l.db')}`,
      token_info_url: '',
      ...more,
    }),
    pino({ level: 'silent' }),
  );
  onTestFinished(async () => {
    await guardrail.close();
    await rm(folder, { recursive: true });
  });
  const decisions = async () => {
    const answered = await fetch(`${guardrail.opsUrl}/api/v1/decisions`);
    // biome-ignore lint/suspicious/noExplicitAny: looked into by expectations only
    return ((await answered.json()) as any).decisions;
  };
  return { guardrail, decisions };
}

/** The request that was sent to run, and not as a dry run. */
export function forwarded(upstream: LittleServer, path: string) {
  const sent = upstream.seen.find((one) => one.url.startsWith(path) && !one.body.includes('"dryRun":true'));
  return JSON.parse(sent?.body ?? 'null');
}
