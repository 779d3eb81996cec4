import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { foldLabelValue } from '../../caller/labels.ts';
import type { Estimates } from '../../estimate/estimates.ts';
import { errorCode } from '../../foundation/text/error-code.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { DECISION_LABEL } from '../../vocabulary/decision-id.ts';
import { decodedText } from '../answer/decoders.ts';
import type { Exchange } from '../exchange.ts';
import { type Admitted, decisionOn } from '../passage.ts';
import type { Sent } from '../repeats.ts';
import { forwardedBody } from '../request/job/job-bodies.ts';
import { asksForPart } from '../request/parameters.ts';
import { Failed } from '../stop.ts';
import { peek, type StreamedAnswer } from '../upstream/relay.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { UpstreamUnreachable } from '../upstream/upstream-failures.ts';

/** Google's error answers are much smaller. */
const LARGEST_ERROR_BYTES = 64 * 1024;

/** The warehouse's answer, none of which has gone to the client yet. */
export interface Forwarded {
  readonly answer: StreamedAnswer;
  readonly sent: Sent;
  /** True if BigQuery refused the query because of the guard's cap, not the client's own. */
  readonly capTooTight: boolean;
  /** True for an error that may be about the part of the answer that the client asked for, and not about the query. */
  readonly mayBeAboutPart: boolean;
}

interface Forwarding {
  readonly estimates: Pick<Estimates, 'distrust'>;
  readonly upstream: Upstream;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Sends the query with its cap and labels, and waits for the head of the answer.
 * @param sent the cap, and the decision for the label
 * @throws Failed if the warehouse could not be reached
 */
export async function forward(
  admitted: Admitted,
  sent: Sent,
  exchange: Exchange,
  stages: Forwarding,
): Promise<Forwarded> {
  const { id, cap } = sent;
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
  if (statusCode === 401) stages.estimates.distrust(admitted.asker);
  if (statusCode >= 500)
    tellFailure(admitted, { problem: `The warehouse answered HTTP ${statusCode}` }, stages);
  const mayBeAboutPart = statusCode >= 400 && asksForPart(exchange.request);
  if (statusCode !== 400) return { answer: { head, body: head }, sent, capTooTight: false, mayBeAboutPart };
  const { whole, answer } = await peek(head, LARGEST_ERROR_BYTES);
  const error = whole === null ? '' : decodedText(head.headers, whole);
  return {
    answer,
    sent,
    // BigQuery's own error for a query above its `maximumBytesBilled`.
    capTooTight: cap !== admitted.job.clientCap && error.includes('"bytesBilledLimitExceeded"'),
    mayBeAboutPart: mayBeAboutPart && !/"reason":\s*"invalidQuery"/.test(error),
  };
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
