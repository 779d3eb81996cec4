import { readFile } from 'node:fs/promises';
import { type Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { connect, type PeerCertificate } from 'node:tls';
import type { Authority, Issued } from '../transport/authority.ts';

/** How a client connects: which authority it trusts, and which certificate it presents. */
export interface Connecting {
  readonly believes: Authority;
  readonly shows?: Issued;
  readonly agent?: Agent;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The answer, with the serial number of the certificate that the server presented. */
export interface TlsAnswer {
  readonly status: number;
  readonly text: string;
  readonly cookie: string;
  readonly serial: string;
}

/** Sends a GET, or a POST if there is a body. */
export async function askOverTls(
  url: string,
  { believes, shows, agent, headers = {}, body }: Connecting,
): Promise<TlsAnswer> {
  const options = {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    ca: await readFile(believes.certificate),
    agent: agent ?? false,
    ...(shows === undefined
      ? {}
      : { cert: await readFile(shows.certificate), key: await readFile(shows.key) }),
  };
  return new Promise<TlsAnswer>((resolve, reject) => {
    const sent = request(url, options, (answer) => {
      const socket = answer.socket as typeof answer.socket & { getPeerCertificate(): PeerCertificate };
      const serial = socket.getPeerCertificate().serialNumber;
      text(answer).then(
        (read) =>
          resolve({
            status: answer.statusCode ?? 0,
            text: read,
            cookie: String(answer.headers['set-cookie'] ?? ''),
            serial,
          }),
        reject,
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** The result of a connection that allows a single version of TLS. */
export function handshake(url: string, version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(
      {
        port: Number(new URL(url).port),
        host: '127.0.0.1',
        rejectUnauthorized: false,
        minVersion: version,
        maxVersion: version,
        // OpenSSL allows the old version only at security level 0.
        ciphers: 'DEFAULT@SECLEVEL=0',
        ALPNProtocols: ['h2', 'http/1.1'],
      },
      () => {
        resolve(`${socket.getProtocol()} ${socket.alpnProtocol}`);
        socket.destroy();
      },
    );
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}
