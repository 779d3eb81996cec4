import type { ErrorRequestHandler, Response } from 'express';
import { printsDetails } from '../caller/printed-details.ts';
import { type EnvelopeContent, envelope, withBriefDetails } from './error-envelope.ts';
import type { Stages } from './stages.ts';
import { BadRequest, Stop, type StopAnswer } from './stop.ts';
import { HOP_BY_HOP } from './upstream/relay.ts';
import { UpstreamUnreachable } from './upstream/upstream-failures.ts';

/** Headers of the dry run's answer that are about its transport, not its content. */
const NOT_RELAYED = new Set([...HOP_BY_HOP, 'content-encoding', 'content-length', 'date']);

/** Answers what a request ended in: the stop's own answer, or that guardrail failed. */
export function answerError(
  stages: Pick<Stages, 'log' | 'metrics'>,
  maxQueryBodyBytes: number,
): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    // The client hung up while sending its request: nobody reads an answer, and nothing failed.
    if (error instanceof Error && error === request.errored) return;
    const decision: unknown = response.locals['decisionId'];
    if (response.headersSent) {
      stages.log.error({ err: error, decision }, 'an answer broke off');
      response.destroy();
      return;
    }
    // The rest of the body is read and discarded, so that the client reads its answer and the connection can be reused.
    request.resume();
    const stop = error instanceof Stop ? error : asBadRequest(error, maxQueryBodyBytes);
    if (stop === null) {
      forgetAnswer(response);
      const { method, path } = request;
      stages.log.error({ err: error, decision, method, path }, 'a request failed');
      stages.metrics.upstreamErrors.inc({
        stage: error instanceof UpstreamUnreachable ? 'forward' : 'internal',
      });
    }
    if (stop?.decision) response.setHeader('x-guardrail-decision-id', stop.decision.id);
    const answer = stop?.answer ?? { from: 'guardrail', content: ownFailure(error) };
    send(response, answer, { briefly: printsDetails(request.headers) });
  };
}

/** What is left of an answer of the warehouse whose body could not be read: its encoding would make ours unreadable too. */
function forgetAnswer(response: Response): void {
  response.statusMessage = '';
  for (const name of response.getHeaderNames()) response.removeHeader(name);
}

function send(response: Response, answer: StopAnswer, { briefly }: { readonly briefly: boolean }): void {
  if (answer.from === 'guardrail') {
    const content = briefly ? withBriefDetails(answer.content) : answer.content;
    response.status(content.status).json(envelope(content));
    return;
  }
  const { status, headers, body } = answer.answer;
  for (const [name, value] of Object.entries(headers)) {
    if (!NOT_RELAYED.has(name)) response.setHeader(name, value);
  }
  response.status(status).end(body);
}

/** What Express's body parser found wrong with a body, in BigQuery's terms; null for any other error. */
function asBadRequest(error: unknown, maxQueryBodyBytes: number): BadRequest | null {
  // The parser names some kinds of error; for a body that cannot be decompressed it gives only a status.
  if (!(error instanceof Error) || !('status' in error)) return null;
  switch ('type' in error ? error.type : null) {
    case 'entity.too.large':
      return new BadRequest(
        'uploadTooLarge',
        `The request's body is larger than ${maxQueryBodyBytes} bytes, the most that guardrail accepts for a query (setting max_query_body).`,
        413,
      );
    case 'encoding.unsupported':
      return new BadRequest(
        'invalid',
        'The request has a content encoding other than gzip, deflate, br and zstd.',
        415,
      );
    case 'request.aborted':
    case 'request.size.invalid':
      return new BadRequest(
        'invalid',
        "The request's body does not have the length that its head announces.",
      );
    default:
      return new BadRequest('invalid', `The request's body cannot be read: ${error.message}`);
  }
}

function ownFailure(error: unknown): EnvelopeContent {
  return error instanceof UpstreamUnreachable
    ? { status: 503, reason: 'backendError', message: `${error.message}. Try again.` }
    : {
        status: 500,
        reason: 'internalError',
        message: 'guardrail failed on this request and did not let it through. Its log says why.',
      };
}
