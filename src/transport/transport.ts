import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import { errorCode } from '../foundation/text/error-code.ts';
import type { Certificate } from './certificate.ts';
import type { CertificateWatch } from './watch-certificate.ts';

/** Makes the server of a listener, which does not listen yet. It speaks HTTP/1.1, plain or over TLS. */
export type Transport = (handler: RequestListener, limits?: ServerOptions) => Server;

/**
 * Google's load balancers use an idle connection for ten minutes, others for one. A listener that closes it earlier may do so
 * in the moment in which a request comes, which then has no answer.
 * @see https://cloud.google.com/load-balancing/docs/https#timeouts_and_retries
 */
const KEEP_ALIVE_MS = 620_000;

export const plainHttp: Transport = (handler, limits = {}) =>
  createServer({ keepAliveTimeout: KEEP_ALIVE_MS, ...limits }, handler);

/** A client that does not complete the handshake within this time occupies a connection for nothing. */
const HANDSHAKE_MS = 10_000;

/**
 * TLS 1.2 or newer, with the current certificate. A renewed one applies to new connections; open ones go on.
 *
 * A client without a required certificate is rejected in the handshake, on every path alike. If it were let in and
 * rejected later, it would have a session, and a resumed session counts as authorized whatever was shown.
 * @param onRefused called for each connection that failed the handshake, with the reason
 */
export function overTls(certificates: CertificateWatch, onRefused: (error: Error) => void): Transport {
  return (handler, limits = {}) => {
    const first = certificates.current();
    const server = createSecureServer(
      {
        keepAliveTimeout: KEEP_ALIVE_MS,
        ...limits,
        ...contextOf(first),
        requestCert: first.clientCa !== null,
        rejectUnauthorized: true,
        handshakeTimeout: HANDSHAKE_MS,
      },
      handler,
    );
    server.on('tlsClientError', (error, socket) => {
      if (!isPortProbe(error, socket)) onRefused(error);
    });
    const stop = certificates.onRenewed((certificate) => server.setSecureContext(contextOf(certificate)));
    server.once('close', stop);
    return server;
  };
}

function contextOf({ cert, key, clientCa }: Certificate): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2', ...(clientCa === null ? {} : { ca: clientCa }) };
}

/** A client that only checks whether the port is open, such as a load balancer's probe, was not rejected. */
function isPortProbe(error: Error, socket: TLSSocket): boolean {
  return errorCode(error) === 'ECONNRESET' && !socket.authorizationError;
}
