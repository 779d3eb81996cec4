import { z } from 'zod';
import { type LittleServer, littleServer, sendJson } from '../little-server.ts';

const value = z.union([
  z.object({ stringValue: z.string() }).transform((one) => one.stringValue),
  z.object({ intValue: z.union([z.string(), z.number()]) }).transform((one) => Number(one.intValue)),
  z.object({ doubleValue: z.number() }).transform((one) => one.doubleValue),
]);
const attributes = z
  .array(z.object({ key: z.string(), value }))
  .default([])
  .transform((all) => Object.fromEntries(all.map((one) => [one.key, one.value])));

const span = z.object({
  traceId: z.string().regex(/^[\da-f]{32}$/),
  spanId: z.string().regex(/^[\da-f]{16}$/),
  parentSpanId: z.string().optional(),
  traceState: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: z.string().transform(BigInt),
  endTimeUnixNano: z.string().transform(BigInt),
  attributes,
  status: z.object({ code: z.number() }),
});

/** @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
const request = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
});

export type CollectedSpan = z.infer<typeof span>;

/** A collector that accepts traces as OTLP in JSON over HTTP. */
export interface Collector {
  readonly endpoint: string;
  readonly server: LittleServer;
  spans(): readonly CollectedSpan[];
  services(): ReadonlySet<unknown>;
}

/** @param status the status code that it answers with */
export async function startCollector(status = 200): Promise<Collector> {
  const server = await littleServer((response) => sendJson(response, status, {}));
  const requests = () => server.seen.map(({ body }) => request.parse(JSON.parse(body)));
  const resources = () => requests().flatMap(({ resourceSpans }) => resourceSpans);
  return {
    endpoint: `${server.url}/v1/traces`,
    server,
    spans: () => resources().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    services: () => new Set(resources().map(({ resource }) => resource.attributes['service.name'])),
  };
}
