import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { ATENDIMENTO } from '../guardrail.ts';

/** A request as it is sent over the wire. */
export interface RequestSpec {
  readonly method: string;
  /** Path and query string, sent as given. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  /** The connections to use; by default a new one for each request. */
  readonly agent?: Agent;
  /** Aborting it hangs up. */
  readonly signal?: AbortSignal;
}

/** An answer as it was received over the wire. */
export interface Answered {
  readonly status: number;
  readonly statusMessage: string;
  /** Names and values alternating, as received. */
  readonly rawHeaders: readonly string[];
  readonly rawTrailers: readonly string[];
  readonly body: Buffer;
  /** False if the connection broke off before the end of the answer. */
  readonly complete: boolean;
  /** Whether an informational answer came first. */
  readonly continued: boolean;
  /** The client's port: equal for requests that shared a connection. */
  readonly localPort: number | undefined;
}

export const AUTHORIZATION = `Bearer sandbox:${ATENDIMENTO}`;

/** Sends one request and reads its answer to the end, or to where it breaks off. */
export async function exchange(origin: string, spec: RequestSpec): Promise<Answered> {
  const { answer, continued } = await begin(origin, spec);
  const localPort = answer.socket.localPort;
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve) => {
    answer.once('error', () => undefined);
    answer.once('close', resolve);
  });
  return {
    status: answer.statusCode ?? 0,
    statusMessage: answer.statusMessage ?? '',
    rawHeaders: answer.rawHeaders,
    rawTrailers: answer.rawTrailers,
    body: Buffer.concat(chunks),
    complete: answer.complete,
    continued,
    localPort,
  };
}

/** Sends one request, and resolves to its answer once the head is received, before reading the body. */
export function begin(
  origin: string,
  spec: RequestSpec,
): Promise<{ readonly answer: IncomingMessage; readonly continued: boolean; abort(): void }> {
  const { hostname, port } = new URL(origin);
  let continued = false;
  return new Promise((resolve, reject) => {
    const sent = request({
      host: hostname,
      port,
      method: spec.method,
      path: spec.target,
      agent: spec.agent ?? new Agent({ keepAlive: false }),
      headers: { authorization: AUTHORIZATION, ...spec.headers },
      ...(spec.signal === undefined ? {} : { signal: spec.signal }),
    });
    sent.once('response', (answer) => resolve({ answer, continued, abort: () => sent.destroy() }));
    sent.once('error', reject);
    if (spec.headers?.['expect'] === undefined) sent.end(spec.body);
    else {
      sent.flushHeaders();
      sent.once('continue', () => {
        continued = true;
        sent.end(spec.body);
      });
    }
  });
}

/** The values of a header, in order. */
export function headerValues({ rawHeaders }: Answered, name: string): readonly string[] {
  return pairs(rawHeaders)
    .filter(([one]) => one.toLowerCase() === name)
    .map(([, value]) => value);
}

export function pairs(raw: readonly string[]): readonly (readonly [name: string, value: string])[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
}

/** The body as text, unzipped if it is in gzip. */
export function textOf(answered: Answered): string {
  const zipped = headerValues(answered, 'content-encoding').includes('gzip');
  return (zipped && answered.body.length > 0 ? gunzipSync(answered.body) : answered.body).toString('utf8');
}

/** Sends bytes as they are, piece by piece, on their own connection. @returns everything received until it closes */
export async function talk(origin: string, ...pieces: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname).setNoDelay(true);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const closed = new Promise<void>((resolve, reject) => {
    socket.once('close', resolve);
    socket.once('error', reject);
  });
  for (const piece of pieces) await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
  await closed;
  return Buffer.concat(chunks).toString();
}
