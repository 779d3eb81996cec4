import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import type { Certificate } from './certificate.ts';
import type { CertificateWatch } from './watch-certificate.ts';

/** Makes the server of a listener, which does not listen yet. It speaks HTTP/1.1, over TLS or in the clear. */
export type Transport = (handler: RequestListener, limits?: ServerOptions) => Server;

export const inTheClear: Transport = (handler, limits = {}) => createServer(limits, handler);

/** Who does not get through the handshake within this time keeps a connection for nothing. */
const HANDSHAKE_MS = 10_000;

/**
 * TLS 1.2 or newer, with the certificate that is current. One that is renewed holds for connections to come; those
 * that are open go on.
 *
 * A client that must show a certificate and does not is refused in the handshake, on every path alike. To let it in and
 * turn it away later would give it a session, and a session that is resumed counts as authorized whatever it showed.
 * @param onRefused told of each connection that did not get through the handshake, and why
 */
export function overTls(certificates: CertificateWatch, onRefused: (error: Error) => void): Transport {
  return (handler, limits = {}) => {
    const first = certificates.current();
    const server = createSecureServer(
      {
        ...limits,
        ...contextOf(first),
        requestCert: first.clientCa !== null,
        rejectUnauthorized: true,
        handshakeTimeout: HANDSHAKE_MS,
      },
      handler,
    );
    server.on('tlsClientError', (error, socket) => {
      if (!justLeft(error, socket)) onRefused(error);
    });
    const stop = certificates.onRenewed((certificate) => server.setSecureContext(contextOf(certificate)));
    server.once('close', stop);
    return server;
  };
}

function contextOf({ cert, key, clientCa }: Certificate): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2', ...(clientCa === null ? {} : { ca: clientCa }) };
}

/** What only looks whether the port is open, as probes of load balancers do, is no refusal. */
function justLeft(error: Error, socket: TLSSocket): boolean {
  return 'code' in error && error.code === 'ECONNRESET' && !socket.authorizationError;
}
