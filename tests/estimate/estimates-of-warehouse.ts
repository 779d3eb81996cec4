import { setTimeout as sleep } from 'node:timers/promises';
import { type Asker, createDryRun, type DryRun } from '../../src/estimate/dry-run.ts';
import { createEstimates, type Estimates } from '../../src/estimate/estimates.ts';
import { type LittleServer, littleServer, sendJson } from '../little-server.ts';
import { ANA, asker, BIA } from './builders.ts';

export const SQL = 'SELECT body FROM atendimento.messages';

/** Callers with tokens of two people, which the warehouse knows but the cache does not yet. */
export const ana = asker('ana-1');
export const anaAgain = asker('ana-2');
export const bia = asker('bia-1');

const emails: Readonly<Record<string, string>> = {
  'Bearer ana-1': ANA,
  'Bearer ana-2': ANA,
  'Bearer bia-1': BIA,
};

interface EstimatesOfWarehouse extends Estimates {
  readonly warehouse: LittleServer;
}

/** Estimates from a small HTTP warehouse that numbers its dry runs: the first processes 1 byte, the next 2. */
export async function estimates(
  options: {
    readonly ttlMs?: number;
    readonly namesCaller?: boolean;
    readonly principalOf?: (asker: Asker) => Promise<string | null>;
    /** How long the warehouse takes for its n-th dry run. */
    readonly delayMs?: (count: number) => number;
  } = {},
): Promise<EstimatesOfWarehouse> {
  const { ttlMs = 60_000, namesCaller = true, principalOf = async () => null, delayMs = () => 0 } = options;
  const warehouse = await littleServer(async (response, { headers }, count) => {
    await sleep(delayMs(count));
    const email = emails[headers.authorization ?? ''];
    if (email === undefined) return sendJson(response, 401, { error: { code: 401 } });
    sendJson(response, 200, {
      ...(namesCaller ? { user_email: email } : {}),
      statistics: { query: { totalBytesProcessed: String(count) } },
    });
  });
  const dryRun = createDryRun({ upstream: warehouse.url, timeoutMs: 5000 });
  return { ...createEstimates({ dryRun, ttlMs, maxEntries: 100, principalOf }), warehouse };
}

/** An estimate as text: its bytes and their source. */
export async function answerOf(found: ReturnType<Estimates['find']>): Promise<string> {
  const { estimate, source } = await found;
  return `${estimate.bytesProcessed} by ${source}`;
}

export function createEstimate(): Awaited<ReturnType<DryRun>> {
  return {
    principal: ANA,
    statementType: 'SELECT',
    location: 'US',
    bytesProcessed: 7n,
    bytesBilled: 10n << 20n,
    accuracy: 'PRECISE',
    referencedTables: [],
    madeAtMs: Date.now(),
  };
}
