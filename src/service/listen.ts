import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Server as SecureServer } from 'node:https';
import { errorCode } from '../foundation/text/error-code.ts';
import type { ListenAddress } from '../settings/value-kinds.ts';

const SWEEP_MS = 50;

interface Refusal {
  readonly why: string;
  /** What to do, followed by how an address is set. */
  readonly instead: string;
  /** The part of the address that is to change. */
  readonly changes?: 'host';
}

const NOT_HERE: Refusal = {
  why: 'this machine has no such address',
  instead: 'Use one that it has',
  changes: 'host',
};

/** What the system means by the codes that it answers with. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  EADDRINUSE: {
    why: 'something else listens there already',
    instead: 'Stop the process that listens there, or use another address',
  },
  EACCES: {
    why: 'the user that runs guardrail may not listen on this port',
    instead: 'Use a port above 1023',
  },
  EADDRNOTAVAIL: NOT_HERE,
  ENOTFOUND: NOT_HERE,
  ENOTSUP: {
    why: 'processes can share a port on Linux only',
    instead: 'Leave reuse_port out, and use another address for each',
  },
};

/** An address that cannot be listened on. The message says why, what to do, and which setting the address comes from. */
export class ListenError extends Error {
  constructor(setting: string, { host, port }: ListenAddress, cause: unknown) {
    const code = errorCode(cause) ?? String(cause);
    const unknown: Refusal = { why: `the system answered ${code}`, instead: 'Use another address' };
    const { why, instead, changes } = REFUSALS[code] ?? unknown;
    const address = changes === 'host' ? `HOST:${port}` : `${host}:PORT`;
    super(
      `Cannot listen on ${host}:${port}: ${why}. ${instead}: ` +
        `GUARDRAIL_${setting.toUpperCase()}=${address}, or ${setting} in guardrail.yaml.`,
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
