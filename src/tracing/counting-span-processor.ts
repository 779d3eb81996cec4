import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import type { OnSpans } from './tracing.ts';

/** The most spans that wait for the collector. */
const MAX_WAITING = 4096;

/** Sends spans in batches in the background, and counts what happens to each. None of that throws or is waited for. */
export function countingSpanProcessor(exporter: SpanExporter, onSpans: OnSpans): SpanProcessor {
  let queued = 0;
  const batches = new BatchSpanProcessor({
    maxQueueSize: MAX_WAITING,
    scheduledDelayMillis: 1000,
    exporter: {
      export(spans, done) {
        exporter.export(spans, (result) => {
          queued -= spans.length;
          onSpans(result.code === 0 ? 'exported' : 'failed', spans.length);
          done(result);
        });
      },
      shutdown: () => exporter.shutdown(),
    },
  });
  return {
    onStart: () => undefined,
    onEnd(span) {
      if (queued >= MAX_WAITING) {
        onSpans('dropped', 1);
        return;
      }
      queued += 1;
      batches.onEnd(span);
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  };
}
