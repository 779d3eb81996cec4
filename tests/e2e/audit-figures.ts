import type { AuditReport } from '../../src/reports/audit/report.ts';

const MIB = 1n << 20n;
const TIB = 1n << 40n;
/** The price in policies/pricing.yaml: 6.25 dollars per TiB. */
const MICROS_PER_TIB = 6_250_000n;

export const cardIn = ({ cards }: AuditReport, name: string) => {
  const found = cards.find((card) => card.name === name);
  if (found === undefined) throw new Error(`there is no card ${name}`);
  return found;
};

export const dashboardIn = ({ dashboards }: AuditReport, name: string) => {
  const found = dashboards.find((dashboard) => dashboard.name === name);
  if (found === undefined) throw new Error(`there is no dashboard ${name}`);
  return found;
};

export const names = ({ cards }: AuditReport, ids: readonly string[]) =>
  ids.map((id) => cards.find((card) => card.id === id)?.name).sort();

/** BigQuery's rule as the audit applies it: whole MiB, 10 MiB at least, and 10 MiB more for each table after the first. */
export function asBilled(processed: bigint, tables: number): bigint {
  const whole = ((processed + MIB - 1n) / MIB) * MIB;
  return (whole > 10n * MIB ? whole : 10n * MIB) + BigInt(tables - 1) * 10n * MIB;
}

/** The cost of bytes in micros, rounded up. */
export const cost = (bytes: bigint) => (bytes * MICROS_PER_TIB + TIB - 1n) / TIB;
