import type { ServerResponse } from 'node:http';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { type LittleServer, littleServer } from '../../little-server.ts';
import { noticesOf } from '../builders.ts';

/** A webhook that answers with these statuses, the last of them from then on. */
export async function answering(...statuses: readonly number[]): Promise<LittleServer> {
  return littleServer((response, _seen, count) => {
    response.writeHead(statuses[count - 1] ?? statuses.at(-1) ?? 200).end('ok');
  });
}

/** A webhook that takes a request and never answers; `asked` resolves with its first. */
export async function hanging() {
  const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
  const server = await littleServer((response) => resolve(response));
  return { url: server.url, asked };
}

/** What the ledger holds of its only notice. */
export async function recorded(ledger: Ledger) {
  const [first] = await noticesOf(ledger).list({ limit: 1 });
  if (first === undefined) throw new Error('there is no notice');
  const { deliveredAtMs, attempts, deliveries } = first;
  return { deliveredAtMs, attempts, deliveries };
}
