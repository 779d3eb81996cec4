import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import type { OnSpans } from './tracing.ts';

/** As many spans wait for the collector at the most. */
const MOST_WAITING = 4096;

/** Sends spans in batches behind the queries, and counts what becomes of each. Nothing of that throws or is waited for. */
export function countedExport(exporter: SpanExporter, onSpans: OnSpans): SpanProcessor {
  let waiting = 0;
  const batches = new BatchSpanProcessor({
    maxQueueSize: MOST_WAITING,
    scheduledDelayMillis: 1000,
    exporter: {
      export(spans, done) {
        exporter.export(spans, (result) => {
          waiting -= spans.length;
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
      if (waiting >= MOST_WAITING) {
        onSpans('dropped', 1);
        return;
      }
      waiting += 1;
      batches.onEnd(span);
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  };
}
