import { decimalOf } from '../../../vocabulary/money.ts';
import type { AuditReport } from '../report.ts';

/**
 * The report for programs, under its own names. Amounts are decimal text, since they may exceed what a float holds
 * exactly: money (`cost`, in the report's currency) in place of micros, and byte counts.
 */
export function auditAsJson(report: AuditReport): string {
  return `${JSON.stringify(plain(report), null, 2)}\n`;
}

function plain(part: unknown): unknown {
  if (typeof part === 'bigint') return String(part);
  if (part instanceof Map)
    return Object.fromEntries([...part].map(([key, value]) => [String(key), plain(value)]));
  if (Array.isArray(part)) return part.map(plain);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(plainEntry));
}

function plainEntry([key, value]: readonly [string, unknown]): readonly [string, unknown] {
  if (typeof value !== 'bigint') return [key, plain(value)];
  if (key === 'micros') return ['cost', decimalOf(value)];
  if (key === 'monthMicros') return ['monthCost', decimalOf(value)];
  return [key, String(value)];
}
