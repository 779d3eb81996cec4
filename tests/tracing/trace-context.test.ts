import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extractTraceContext, injectTraceContext } from '../../src/tracing/trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('the trace context of a request', () => {
  test.each([
    ['sampled', `00-${TRACE}-${SPAN}-01`, 1],
    ['not sampled', `00-${TRACE}-${SPAN}-00`, 0],
    ['with unknown flags', `00-${TRACE}-${SPAN}-03`, 1],
    ['of an unknown version, with more fields', `cc-${TRACE}-${SPAN}-01-what-the-future-brings`, 1],
  ])('is read if it is valid: %s', (_which, traceparent, traceFlags) => {
    expect(trace.getSpanContext(extractTraceContext({ traceparent }))).toMatchObject({
      traceId: TRACE,
      spanId: SPAN,
      traceFlags,
      isRemote: true,
    });
  });

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['of the invalid version ff', `ff-${TRACE}-${SPAN}-01`],
    ['with a trace ID of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['with a span ID of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['in upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['sent twice', [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`]],
  ])('is the root context if traceparent is %s', (_which, traceparent) => {
    expect(extractTraceContext({ traceparent })).toBe(ROOT_CONTEXT);
  });

  test('is the root context or valid, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (traceparent, tracestate) => {
        const found = trace.getSpanContext(extractTraceContext({ traceparent, tracestate }));

        expect(found === undefined || /^[\da-f]{32}$/.test(found.traceId)).toBe(true);
      }),
    );
  });
});

test('an injected trace context is read back the same', () => {
  const headers = {};

  injectTraceContext({ traceId: TRACE, spanId: SPAN, traceFlags: 1 }, headers);

  expect(trace.getSpanContext(extractTraceContext(headers))).toMatchObject({
    traceId: TRACE,
    spanId: SPAN,
    traceFlags: 1,
  });
});
