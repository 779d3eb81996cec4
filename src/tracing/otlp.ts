import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import { ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { VERSION } from '../foundation/version.ts';
import { countingSpanProcessor } from './counting-span-processor.ts';
import { extractTraceContext, injectTraceContext } from './trace-context.ts';
import type { OnSpans, QueryAttributes, Trace, Tracing } from './tracing.ts';

/** How long a stop waits for the collector to take the rest. */
const CLOSE_MS = 2_000;

/** Where spans go, and for how many queries. */
export interface OtlpOptions {
  /** Where the collector takes traces, such as `http://collector:4318/v1/traces`. */
  readonly endpoint: string;
  /** The share of queries that are traced if the client does not say; 0 to 1. */
  readonly sample: number;
  readonly onSpans: OnSpans;
}

/**
 * Traces by OpenTelemetry, sent as JSON over HTTP. Spans are passed from stage to stage instead of through an async
 * context, so that nothing is kept for calls that do not belong to a query. Headers, compression, certificates and
 * timeouts come from the standard variables `OTEL_EXPORTER_OTLP_…`.
 */
export function createOtlpTracing({ endpoint, sample, onSpans }: OtlpOptions): Tracing {
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'guardrail', 'service.version': VERSION }))
      .merge(detectResources({ detectors: [envDetector, serviceNameEnvDetector] })),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sample) }),
    spanProcessors: [countingSpanProcessor(new OTLPTraceExporter({ url: endpoint }), onSpans)],
  });
  const tracer = provider.getTracer('guardrail', VERSION);
  return {
    async query(headers, run) {
      const parent = extractTraceContext(headers);
      const span = tracer.startSpan('query', { kind: SpanKind.SERVER }, parent);
      const { queryTrace, outcome } = traceOf(span, trace.setSpan(parent, span), tracer);
      try {
        return await run(queryTrace);
      } catch (error) {
        // Refusing is what the guard is for; the message may quote SQL, as any error's may.
        if (outcome() !== 'refused') span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
    async close() {
      const closed = provider.shutdown().catch(() => undefined);
      await Promise.race([closed, sleep(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

function traceOf(span: Span, context: Context, tracer: Tracer) {
  let outcome: string | undefined;
  const queryTrace: Trace = {
    stage(name, run) {
      const stage = tracer.startSpan(
        name,
        { kind: name === 'forward' ? SpanKind.CLIENT : SpanKind.INTERNAL },
        context,
      );
      return runInSpan(stage, () =>
        run((headers) => {
          // A query that is not traced passes the client's context on.
          if (stage.isRecording()) injectTraceContext(stage.spanContext(), headers);
        }),
      );
    },
    setAttributes(attributes) {
      outcome = attributes.outcome ?? outcome;
      span.setAttributes(namedAttributes(attributes));
    },
  };
  return { queryTrace, outcome: () => outcome };
}

/** Runs what a span stands for, and ends the span when that is over, whether or not it is awaited. */
function runInSpan<T>(span: Span, run: () => T): T {
  const failed = (error: unknown): never => {
    span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
    span.end();
    throw error;
  };
  const done = <V>(value: V): V => {
    span.end();
    return value;
  };
  try {
    const result = run();
    // If `T` is a promise, `then` returns one of the same type.
    return result instanceof Promise ? (result.then(done, failed) as T) : done(result);
  } catch (error) {
    return failed(error);
  }
}

function namedAttributes({
  decision,
  team,
  outcome,
  bytesEstimated,
  bytesBilled,
}: QueryAttributes): Attributes {
  return {
    ...(decision === undefined ? {} : { 'guardrail.decision': decision }),
    ...(team === undefined ? {} : { 'guardrail.team': team }),
    ...(outcome === undefined ? {} : { 'guardrail.outcome': outcome }),
    ...(bytesEstimated === undefined ? {} : { 'guardrail.bytes_estimated': Number(bytesEstimated) }),
    ...(bytesBilled === undefined ? {} : { 'guardrail.bytes_billed': Number(bytesBilled) }),
  };
}
