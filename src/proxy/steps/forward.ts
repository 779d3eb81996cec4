import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Logger } from 'pino';
import { foldLabelValue } from '../../caller/labels.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { errorCode } from '../../text/error-code.ts';
import { DECISION_LABEL } from '../../vocabulary/decision-id.ts';
import type { Exchange } from '../exchange.ts';
import { type Admitted, decisionOn } from '../passage.ts';
import type { Repeats } from '../repeats.ts';
import { forwardedBody } from '../request/job-bodies.ts';
import { Failed } from '../stop.ts';
import { peek, type StreamedAnswer } from '../upstream/relay.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { UpstreamUnreachable } from '../upstream/upstream-failures.ts';

/** Google's error answers are much smaller. */
const LARGEST_ERROR_BYTES = 64 * 1024;

/** The warehouse's answer, none of which has gone to the client yet. */
export interface Forwarded {
  readonly answer: StreamedAnswer;
  /** True if BigQuery refused the query because of the guard's cap, not the client's own. */
  readonly capTooTight: boolean;
}

interface Forwarding {
  readonly upstream: Upstream;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Sends the query with its cap and labels, and waits for the head of the answer.
 * @throws Failed if the warehouse could not be reached
 */
export async function forward(
  admitted: Admitted,
  exchange: Exchange,
  stages: Forwarding & { readonly repeats: Repeats },
): Promise<Forwarded> {
  const { id, cap } = stages.repeats.sameAsBefore(admitted);
  const body = forwardedBody(admitted.job, {
    sql: admitted.sql,
    cap,
    labels: {
      [DECISION_LABEL]: id,
      guardrail_team: foldLabelValue(admitted.team.name),
      ...admitted.remarkLabels,
    },
  });
  const head = await send(admitted, body, exchange, stages);
  const { statusCode = 0 } = head;
  if (statusCode >= 500)
    tellFailure(admitted, { problem: `The warehouse answered HTTP ${statusCode}` }, stages);
  if (statusCode !== 400) return { answer: { head, body: head }, capTooTight: false };
  const { whole, answer } = await peek(head, LARGEST_ERROR_BYTES);
  const tooTight = whole !== null && cap !== admitted.job.clientCap && isCapError(head, whole);
  return { answer, capTooTight: tooTight };
}

async function send(
  admitted: Admitted,
  body: Buffer,
  exchange: Exchange,
  stages: Forwarding,
): Promise<IncomingMessage> {
  try {
    return await stages.upstream.send(exchange.request, exchange.response, body);
  } catch (error) {
    if (!(error instanceof UpstreamUnreachable)) throw error;
    const { message: problem, neverSent } = error;
    // If the client hung up, it was not the warehouse that failed.
    if (!admitted.gone.aborted) tellFailure(admitted, { problem, code: errorCode(error), neverSent }, stages);
    throw new Failed(
      decisionOn(admitted, 'failed', { cause: 'unreachable', cap: admitted.cap }),
      {
        from: 'guardrail',
        content: { status: 503, reason: 'backendError', message: `${error.message}. Try again.` },
      },
      { cause: error },
    );
  }
}

function tellFailure({ id: decision }: Admitted, details: object, { metrics, log }: Forwarding): void {
  metrics.upstreamErrors.inc({ stage: 'forward' });
  log.warn({ decision, ...details }, 'the warehouse failed at a query');
}

/** BigQuery's own error for a query above its `maximumBytesBilled`. */
function isCapError(head: IncomingMessage, body: Buffer): boolean {
  try {
    const text =
      head.headers['content-encoding'] === 'gzip' ? gunzipSync(body, { maxOutputLength: 1 << 20 }) : body;
    return text.includes('"bytesBilledLimitExceeded"');
  } catch {
    // Not gzip after all: not an error that the guard knows, so the client gets it unchanged.
    return false;
  }
}
