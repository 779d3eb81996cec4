import type { ServerResponse } from 'node:http';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { enterDecisions, enterSettlements } from '../../../src/records/enter.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { httpTarget } from '../../../src/records/lineage/http-target.ts';
import {
  createLineage,
  type Lineage,
  type LineageAttempt,
  type LineageOptions,
} from '../../../src/records/lineage/lineage.ts';
import type { RunEvent } from '../../../src/records/lineage/run-event.ts';
import type { Settlement } from '../../../src/vocabulary/decision.ts';
import { littleServer } from '../../little-server.ts';
import { decision, settlement } from '../builders.ts';

/** A decision's ID that is a UUID, as all are that the guard makes. */
export function uuid(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

export async function enterDecision(ledger: Ledger, n: number): Promise<void> {
  await ledger.write((db) => enterDecisions(db, [decision({ id: uuid(n) })]));
}

export async function enterSettlement(
  ledger: Ledger,
  n: number,
  { version = 1n, ...changes }: Partial<Settlement> & { readonly version?: bigint } = {},
): Promise<void> {
  const one = {
    settlement: settlement({ decisionId: uuid(n), ...changes }),
    version,
    admittedAtMs: decision().atMs,
    tariff: null,
  };
  await ledger.write((db) => enterSettlements(db, [one]));
}

/** Queries that ran, sealed all at once. */
export async function enterRuns(ledger: Ledger, ...numbers: readonly number[]): Promise<void> {
  const admittedAtMs = decision().atMs;
  const settlements = numbers.map((n) => ({
    settlement: settlement({ decisionId: uuid(n) }),
    version: 1n,
    admittedAtMs,
    tariff: null,
  }));
  await ledger.write(async (db) => {
    await enterDecisions(
      db,
      numbers.map((n) => decision({ id: uuid(n) })),
    );
    await enterSettlements(db, settlements);
  });
  await sealNow(ledger);
}

/** Lineage with nothing to wait for between failures unless said otherwise, and all that was made of its attempts. */
export function lineageOf(ledger: Ledger, options: Partial<LineageOptions> & Pick<LineageOptions, 'target'>) {
  const attempts: LineageAttempt[] = [];
  const errors: unknown[] = [];
  const lineage: Lineage = createLineage({
    ledger,
    producer: 'urn:guardrail:guardrail',
    namespace: 'guardrail',
    columnLineage: async () => null,
    withoutComments: (sql) => sql,
    onAttempt: (attempt) => attempts.push(attempt),
    onError: (error) => errors.push(error),
    delayMs: () => 0,
    restMs: 0,
    ...options,
  });
  return { ...lineage, attempts, errors };
}

/** A lineage server that answers with these statuses, the last of them from then on; `null` for never. */
export async function lineageServer(...statuses: readonly (number | null)[]) {
  const server = await littleServer((response: ServerResponse, _seen, count) => {
    const status = count > statuses.length ? (statuses.at(-1) ?? 201) : (statuses[count - 1] ?? null);
    if (status !== null) response.writeHead(status).end();
  });
  return {
    ...server,
    target: (token: string | null = null, timeoutMs = 10_000) =>
      httpTarget({ url: `${server.url}/api/v1/lineage`, token: async () => token, timeoutMs }),
    events: (): readonly RunEvent[] => server.seen.map(({ body }) => JSON.parse(body)),
    /** `START 1`, `COMPLETE 1`, …, with the numbers of `uuid`. */
    told: () => server.seen.map(({ body }) => shortly(JSON.parse(body))),
  };
}

export function shortly({ eventType, run }: RunEvent): string {
  return `${eventType} ${Number(run.runId.slice(-12))}`;
}
