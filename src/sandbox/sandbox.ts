import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { openWarehouse } from './open-warehouse.ts';
import { createSandboxServer } from './rest/server.ts';
import type { Warehouse } from './warehouse.ts';

export interface SandboxOptions {
  /** `127.0.0.1` by default: the sandbox lets in anyone, under whatever name they give. */
  readonly host?: string;
  /** 0: any free port. */
  readonly port: number;
  /** The last day of data, `2026-11-01`; yesterday by default. */
  readonly asOf?: string;
  /** How many rows `atendimento.messages` gets. */
  readonly messages?: number;
  /** Leave `user_email` out of jobs, as BigQuery may for dry runs. */
  readonly omitUserEmail?: boolean;
  /** JSON bytes of rows in one page of results, 10 MB by default. */
  readonly maxPageBytes?: number;
  /** Called with the progress of making the data, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly log?: Logger;
}

export interface Sandbox {
  /** The API endpoint for BigQuery's clients: `http://127.0.0.1:9050`. */
  readonly url: string;
  readonly port: number;
  readonly warehouse: Warehouse;
  /** Cancels what is under way, lets answers finish, and frees the memory. */
  close(): Promise<void>;
}

const GRACE_MS = 2000;

/**
 * Makes the data and serves it as BigQuery would.
 * @throws a listen error that names the address, once the warehouse is closed again
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { host = '127.0.0.1', port, asOf, messages, onProgress, ...serverOptions } = options;
  const warehouse = await openWarehouse({
    ...(asOf === undefined ? {} : { asOf }),
    ...(messages === undefined ? {} : { messages }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const stopping = new AbortController();
  const server = createSandboxServer(warehouse, { ...serverOptions, stopping: stopping.signal });
  try {
    const address = await listen(server, host, port);
    return {
      url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
      port: address.port,
      warehouse,
      async close() {
        stopping.abort();
        await closeServer(server);
        await warehouse.close();
      },
    };
  } catch (error) {
    await warehouse.close();
    throw error;
  }
}

async function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  server.listen(port, host);
  // Rejects with the listen error, whose message names the address.
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the sandbox listens on no TCP port');
  return address;
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // Answers under way finish; a client that keeps its connection open, or stops reading, is cut off.
  const forceClose = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(forceClose);
}
