import { gzipSync } from 'node:zlib';
import { ATENDIMENTO } from '../guardrail.ts';
import type { ClientShape, Start } from './shapes/shape.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape, looked into by expectations only
  readonly body: any;
}

/** Every answer that a client gets for one query, in order, up to the first that fails. */
export async function replay(origin: string, shape: ClientShape, sql: string): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const request of [shape.dryRun?.(sql), shape.start(sql)]) {
    if (request === undefined) continue;
    const answer = await post(origin, shape, request);
    answers.push(answer);
    if (answer.status !== 200) return answers;
  }
  const job = answers.at(-1)?.body.jobReference;
  for (const path of shape.reads(job)) answers.push(await read(origin, shape, path));
  return answers;
}

function post(origin: string, shape: ClientShape, { path, body }: Start): Promise<Answer> {
  const text = JSON.stringify(body);
  return send(origin + path, {
    method: 'POST',
    headers: { authorization: `Bearer sandbox:${ATENDIMENTO}`, ...shape.headers },
    body: shape.gzip ? new Uint8Array(gzipSync(text)) : text,
  });
}

function read(origin: string, shape: ClientShape, path: string): Promise<Answer> {
  const { 'content-type': _type, 'content-encoding': _encoding, ...headers } = shape.headers;
  return send(origin + path, { headers: { authorization: `Bearer sandbox:${ATENDIMENTO}`, ...headers } });
}

async function send(url: string, request: RequestInit): Promise<Answer> {
  const response = await fetch(url, request);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Fields that differ between two runs of a query even without guardrail. */
const OF_ONE_RUN = new Set([
  'jobReference',
  'id',
  'jobId',
  'queryId',
  'etag',
  'selfLink',
  'creationTime',
  'startTime',
  'endTime',
  'finalExecutionDurationMs',
  'totalSlotMs',
  'pageToken',
  'destinationTable',
  'cacheHit',
  'totalBytesProcessed',
  'totalBytesBilled',
  'billingTier',
  // In an answer to jobs.insert, whose job may still be running.
  'state',
]);
/** Fields that guardrail changes on purpose. */
const CHANGED = new Set(['labels', 'maximumBytesBilled']);

/** An answer without the fields that differ between runs or are changed on purpose. */
export function comparable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part: unknown) =>
      OF_ONE_RUN.has(key) || CHANGED.has(key) ? undefined : part,
    ),
  );
}
