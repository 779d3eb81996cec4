import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { ATENDIMENTO } from './guardrail.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape, looked into by expectations only
  readonly json: any;
}

/** One request with target and headers sent as given: `fetch` would normalise them. */
export function raw(
  origin: string,
  method: string,
  target: string,
  body: string | Uint8Array = '',
  headers: Readonly<Record<string, string | number>> = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  const bytes = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: hostname,
        port,
        method,
        path: target,
        headers: {
          authorization: `Bearer sandbox:${ATENDIMENTO}`,
          'content-type': 'application/json',
          ...(headers['transfer-encoding'] === undefined ? { 'content-length': bytes.length } : {}),
          ...headers,
        },
      },
      (answer) => {
        text(answer).then((body) => resolve(rawAnswer(answer.statusCode ?? 0, answer.headers, body)), reject);
      },
    );
    sent.once('error', reject);
    sent.end(bytes);
  });
}

/** Sends bytes as they are on their own connection. @returns everything received until it closes */
export function wire(origin: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.once('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    socket.once('error', reject);
    socket.end(bytes, 'latin1');
  });
}

function rawAnswer(status: number, headers: IncomingHttpHeaders, body: string): RawAnswer {
  return {
    status,
    headers,
    text: body,
    get json() {
      return JSON.parse(body);
    },
  };
}
