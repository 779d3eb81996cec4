import { createHash } from 'node:crypto';
import type { Decision } from '../../vocabulary/decision.ts';
import { holdsSql } from '../../vocabulary/reading.ts';
import { type TableReference, tableName } from '../../vocabulary/table.ts';
import type { DatasetName } from './run-event.ts';

/** @see https://openlineage.io/docs/spec/naming */
export function datasetName(table: TableReference): DatasetName {
  return { namespace: 'bigquery', name: tableName(table) };
}

/**
 * What runs again and again: the card on its dashboard, the card, the dashboard's query, or the query itself. Each is
 * prefixed with its tool, since another tool may use the same name.
 */
export function jobName(decision: Decision): string {
  const { tool, dashboard, card } = decision.caller;
  const parts = [
    ...(tool === null ? [] : [tool]),
    ...(dashboard === null ? [] : ['dashboard', dashboard]),
    ...(card === null ? nameWithoutCard(decision) : ['card', card]),
  ];
  return parts.join('/');
}

/** A job without SQL is named after the table that it loads or extracts. */
function nameWithoutCard({ reading, writes = [], outcome }: Decision): readonly string[] {
  if (holdsSql(reading)) return ['query', reading.fingerprint || outcome];
  const [table] = [...writes, ...reading.tables.map((use) => use.table)];
  return [reading.statement.toLowerCase(), ...(table === undefined ? [] : [tableName(table)])];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The decision's own ID, which is a UUID except for jobs that reconciliation found. Those get a version 8 UUID made
 * from a digest, so that a run keeps its ID however often it is sent.
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8
 */
export function runId(decisionId: string): string {
  if (UUID.test(decisionId)) return decisionId;
  const digest = createHash('sha256').update(decisionId).digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
