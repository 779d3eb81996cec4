import { TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { countingSpanProcessor } from '../../src/tracing/counting-span-processor.ts';
import type { SpanOutcome } from '../../src/tracing/tracing.ts';

/** Ends so many spans into an exporter with this answer. @returns the number of spans by outcome */
async function afterSpans(count: number, answer: 'takes' | 'refuses' | 'hangs') {
  const counts: Record<SpanOutcome, number> = { exported: 0, failed: 0, dropped: 0 };
  const processor = countingSpanProcessor(
    {
      export(_spans, done) {
        if (answer !== 'hangs') done({ code: answer === 'takes' ? 0 : 1 });
      },
      shutdown: async () => undefined,
    },
    (outcome, spans) => {
      counts[outcome] += spans;
    },
  );
  const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer('test');
  for (let n = 0; n < count; n += 1) tracer.startSpan('span').end();
  if (answer !== 'hangs') await processor.forceFlush?.().catch(() => undefined);
  return counts;
}

test('spans that the collector accepts count as exported', async () => {
  expect(await afterSpans(700, 'takes')).toEqual({ exported: 700, failed: 0, dropped: 0 });
});

test('spans that the collector refuses count as failed, and are not kept', async () => {
  expect(await afterSpans(700, 'refuses')).toEqual({ exported: 0, failed: 700, dropped: 0 });
});

test('spans beyond the limit of those waiting for a collector that hangs count as dropped', async () => {
  expect(await afterSpans(5_000, 'hangs')).toEqual({ exported: 0, failed: 0, dropped: 5_000 - 4_096 });
});
