import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest';
import { type Guardrail, startGuardrail } from '../../src/service/guardrail.ts';
import type { TableReference } from '../../src/vocabulary/table.ts';
import { type LittleServer, littleServer, openLittleServer, type Seen, sendJson } from '../little-server.ts';
import { ATENDIMENTO, settings } from './guardrail.ts';

export const QUERIES = '/bigquery/v2/projects/p/queries';
export const JOBS = '/bigquery/v2/projects/p/jobs';

export interface DryRunFacts {
  readonly totalBytesProcessed: string;
  readonly totalBytesProcessedAccuracy?: string;
  readonly statementType?: string;
  readonly ddlTargetTable?: TableReference;
  /** For a script, the jobs of its statements; none if left out. */
  readonly children?: readonly { readonly statementType: string; readonly totalBytesBilled: string }[];
}

type Facts = DryRunFacts | ((request: string) => DryRunFacts);

/**
 * A warehouse that answers dry runs with the given facts, fixed or by the body of the request, and reports every job as done.
 * @param mayAnswer no query is answered before
 */
export function warehouse(facts: Facts, mayAnswer: Promise<void> = Promise.resolve()): Promise<LittleServer> {
  return littleServer(async (response, seen) => {
    if (seen.url.startsWith(QUERIES)) await mayAnswer;
    answer(response, seen, factsOn(seen, facts));
  });
}

function isDryRun({ body }: Seen): boolean {
  return body.includes('"dryRun":true');
}

function factsOn({ body }: Seen, facts: Facts): DryRunFacts {
  return typeof facts === 'function' ? facts(body) : facts;
}

function answer(
  response: ServerResponse,
  seen: Seen,
  { children = [], ...facts }: DryRunFacts,
  jobId = 'job_1',
): void {
  const jobReference = { projectId: 'p', jobId, location: 'US' };
  const done = { jobReference, user_email: ATENDIMENTO, status: { state: 'DONE' } };
  const billed = {
    totalBytesProcessed: '5',
    query: { ...facts, totalBytesBilled: '10485760', referencedTables: [] },
  };
  if (seen.url.includes('parentJobId='))
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
    sendJson(
      response,
      200,
      isDryRun(seen) ? { ...done, statistics: { query: facts } } : { ...done, statistics: billed },
    );
  }
}

/** A guardrail with the example policies in front of such a warehouse, for one test. */
export async function guardrailBefore(upstream: LittleServer, more: Readonly<Record<string, unknown>> = {}) {
  const { close, ...opened } = await openBefore(upstream, more);
  onTestFinished(close);
  return opened;
}

async function openBefore(upstream: LittleServer, more: Readonly<Record<string, unknown>> = {}) {
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
  const decisions = async () => {
    const answered = await fetch(`${guardrail.opsUrl}/api/v1/decisions`);
    // biome-ignore lint/suspicious/noExplicitAny: looked into by expectations only
    return ((await answered.json()) as any).decisions;
  };
  return {
    guardrail,
    decisions,
    async close() {
      await guardrail.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A guardrail and such a warehouse for all tests of a group: to start one for each takes half a second of processor time. */
export function useGuardrailBefore(facts: Facts) {
  let upstream: Awaited<ReturnType<typeof openLittleServer>>;
  let opened: Awaited<ReturnType<typeof openBefore>>;
  let [seenBefore, started] = [0, 0];
  beforeAll(async () => {
    upstream = await openLittleServer((response, seen) => {
      if (seen.method === 'POST' && !isDryRun(seen)) started += 1;
      // What two decisions say of the same job is charged once.
      const [asked] = /job_\d+/.exec(seen.url) ?? [`job_${started}`];
      answer(response, seen, factsOn(seen, facts), asked);
    });
    opened = await openBefore(upstream);
  });
  beforeEach(() => {
    seenBefore = upstream.seen.length;
  });
  afterAll(async () => {
    await opened?.close();
    await upstream?.close();
  });
  return {
    guardrail: (): Guardrail => opened.guardrail,
    /** All decisions, the latest first. */
    decisions: () => opened.decisions(),
    /** The warehouse, with what it has seen in this test. */
    upstream: (): LittleServer => ({ ...upstream, seen: upstream.seen.slice(seenBefore) }),
  };
}

/** The request that was sent to run: no dry run, nor a question about a job, which may be that of a test before. */
export function forwarded(upstream: LittleServer, path: string) {
  const sent = upstream.seen.find(
    (one) => one.method === 'POST' && one.url.startsWith(path) && !isDryRun(one),
  );
  return JSON.parse(sent?.body ?? 'null');
}
