import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Server as SecureServer } from 'node:https';
import type { ListenAddress } from '../settings/value-kinds.ts';

const SWEEP_MS = 50;

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there already',
  ENOTSUP: 'processes can share a port (reuse_port) on Linux only',
};

/** An address that cannot be listened on. The message says which setting it comes from and what to do. */
export class ListenError extends Error {
  constructor(setting: string, { host, port }: ListenAddress, cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const why = REASONS[code] ?? `the system answered ${code}`;
    super(
      `Cannot listen on ${host}:${port}: ${why}. Stop the process that listens there, or use another address: ` +
        `GUARDRAIL_${setting.toUpperCase()}=${host}:PORT, or ${setting} in guardrail.yaml.`,
      { cause },
    );
    this.name = 'ListenError';
  }
}

/**
 * Listens, and resolves to the URL: `http://127.0.0.1:8080`, or `https:` over TLS.
 * @param setting the setting that holds the address, such as `ops_listen`
 * @param reusePort lets other processes of this user listen there too; connections are spread over them
 * @throws ListenError
 */
export async function listen(
  server: Server,
  address: ListenAddress,
  setting: string,
  reusePort = false,
): Promise<string> {
  server.listen({ ...address, reusePort });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ListenError(setting, address, error);
  }
  const bound = server.address();
  const port = bound === null || typeof bound === 'string' ? address.port : bound.port;
  return urlOf({ host: address.host, port }, server instanceof SecureServer);
}

/** The URL to open in a browser for an address that is listened on. */
export function urlOf({ host, port }: ListenAddress, isSecure: boolean): string {
  return `${isSecure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Checks that an address can be listened on, for callers that have much to do before they listen.
 * @throws ListenError
 */
export async function checkAddress(
  address: ListenAddress,
  setting: string,
  reusePort = false,
): Promise<void> {
  const server = createServer();
  await listen(server, address, setting, reusePort);
  await closeServer(server, 0);
}

/** Accepts no more connections, gives answers under way `graceMs` to end, then cuts off the rest. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  // A keep-alive connection turns idle after its last answer, and nothing closes it then.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
