import type { Decision, Settlement } from '../../src/vocabulary/decision.ts';
import type { Estimate } from '../../src/vocabulary/estimate.ts';
import { reading } from '../vocabulary/readings.ts';

const principal = 'metabase-atendimento@guardrail-demo.iam.gserviceaccount.com';
const tickets = { projectId: 'guardrail-demo', datasetId: 'atendimento', tableId: 'tickets' };
const messages = { ...tickets, tableId: 'messages' };

/** An estimate of a query that reads these tables. */
export function estimateOf(tableIds: readonly string[]): Estimate {
  return {
    principal,
    statementType: 'SELECT',
    location: 'US',
    bytesProcessed: 900n,
    bytesBilled: 1000n,
    accuracy: 'PRECISE',
    referencedTables: tableIds.map((tableId) => ({ ...tickets, tableId })),
    madeAtMs: 1,
  };
}

/** An admitted SELECT over tickets by a Metabase card of team atendimento, unless said otherwise. */
export function decision(changes: Partial<Decision> = {}): Decision {
  return {
    id: 'decision-1',
    atMs: Date.UTC(2026, 10, 24, 12),
    projectId: 'guardrail-demo',
    caller: { principal, team: 'atendimento', tool: 'metabase', person: '12', dashboard: '3', card: '7' },
    sql: 'SELECT subject FROM atendimento.tickets',
    sqlRetention: 'stored',
    reading: reading({
      tables: [
        {
          table: messages,
          star: true,
          projected: ['body'],
          filtered: ['created_at'],
          joined: [],
          grouped: [],
        },
      ],
      limit: 10,
      fingerprint: '0123456789abcdef',
    }),
    estimate: estimateOf(['tickets']),
    estimatedCost: { currency: 'USD', micros: 60n },
    estimateCached: false,
    outcome: 'admitted',
    cause: null,
    hits: [
      {
        rule: 'sem-particao',
        mode: 'warn',
        message: 'Filtre por created_at.',
        source: { file: 'policies/atendimento.yaml', line: 3, column: 5 },
      },
    ],
    maximumBytesBilled: 1000n,
    overheadMs: 1.5,
    ...changes,
  };
}

/** What `decision()` came to, unless said otherwise. */
export function settlement(changes: Partial<Settlement> = {}): Settlement {
  return {
    decisionId: 'decision-1',
    atMs: Date.UTC(2026, 10, 24, 12, 0, 1),
    jobId: `guardrail-demo:US.job_of_${changes.decisionId ?? 'decision-1'}`,
    bytesProcessed: 900n,
    bytesBilled: 1000n,
    freeBytes: 0n,
    cost: { currency: 'USD', micros: 60n },
    cacheHit: false,
    slotMs: 42,
    durationMs: 900,
    errorReason: null,
    source: 'response',
    ...changes,
  };
}
