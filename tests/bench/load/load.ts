import { randomUUID } from 'node:crypto';
import { ATENDIMENTO } from '../measure/bench-query.ts';
import { openConnection } from './connection.ts';
import { type Loaded, orderSchema } from './order.ts';

/*
 * Run as a process: `load.ts ORDER`, the order in JSON. So many connections send queries one after another for so
 * long; it then says in a line of JSON how many were answered and how long they waited.
 */
const order = orderSchema.parse(JSON.parse(process.argv[2] ?? ''));
const url = new URL(order.url);
const endMs = performance.now() + order.seconds * 1000;
const micros: number[] = [];
let failures = 0;
let sent = 0;

await Promise.all(Array.from({ length: order.connections }, queryOn));
micros.sort((a, b) => a - b);
const loaded: Loaded = {
  answers: micros.length,
  failures,
  p50Micros: micros[Math.floor(micros.length * 0.5)] ?? 0,
  p99Micros: micros[Math.floor(micros.length * 0.99)] ?? 0,
};
console.log(JSON.stringify(loaded));

async function queryOn(): Promise<void> {
  const connection = await openConnection(url);
  while (performance.now() < endMs) {
    const request = requestOf(order.queries[sent % order.queries.length] ?? '');
    sent += 1;
    const startedAt = performance.now();
    const status = await connection.exchange(request);
    micros.push((performance.now() - startedAt) * 1000);
    if (status !== 200) failures += 1;
  }
  connection.close();
}

/** As the Node client sends it: with an ID of its own, by which the warehouse knows a request that is sent again. */
function requestOf(query: string): Buffer {
  const body = JSON.stringify({
    query,
    useLegacySql: false,
    formatOptions: { useInt64Timestamp: true },
    requestId: randomUUID(),
  });
  const head = [
    'POST /bigquery/v2/projects/guardrail-demo/queries?prettyPrint=false HTTP/1.1',
    `Host: ${url.host}`,
    `Authorization: Bearer sandbox:${ATENDIMENTO}`,
    'User-Agent: guardrail-bench',
    'Accept: application/json',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}
