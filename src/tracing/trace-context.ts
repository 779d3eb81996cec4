import {
  type Context,
  createTraceState,
  isSpanContextValid,
  ROOT_CONTEXT,
  type SpanContext,
  trace,
} from '@opentelemetry/api';
import type { TraceHeaders } from './tracing.ts';

const TRACEPARENT = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/**
 * The context in a client's headers; the root if they have none, or one that is not valid.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function extractTraceContext({ traceparent, tracestate }: Readonly<TraceHeaders>): Context {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(String(traceparent ?? '')) ?? [];
  const remote: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & 1,
    isRemote: true,
    ...(tracestate === undefined ? {} : { traceState: createTraceState(String(tracestate)) }),
  };
  return isSpanContextValid(remote) ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
}

/** Makes a span the parent of what is sent. The state of a trace other than its own is dropped. */
export function injectTraceContext(
  { traceId, spanId, traceFlags }: SpanContext,
  headers: TraceHeaders,
): void {
  const isClientTrace = String(headers.traceparent ?? '').includes(`-${traceId}-`);
  headers.traceparent = `00-${traceId}-${spanId}-${(traceFlags & 1).toString(16).padStart(2, '0')}`;
  if (!isClientTrace) delete headers.tracestate;
}
