import type { CatalogReport, CatalogTable } from './report.ts';

/**
 * For programs, as specified in `docs/schemas/catalog-export-1-0-0.json`: bytes and money are decimal text, instants
 * ISO 8601.
 */
export function catalogJson({ fromMs, toMs, madeAtMs, recordsSinceMs, tables }: CatalogReport) {
  return {
    version: 1,
    from: iso(fromMs),
    to: iso(toMs),
    madeAt: iso(madeAtMs),
    recordsSince: isoOrNull(recordsSinceMs),
    tables: tables.map(tableJson),
  };
}

function tableJson({ lastReadMs, teams, ...table }: CatalogTable) {
  return {
    ...table,
    lastReadAt: isoOrNull(lastReadMs),
    teams: teams.map(({ bytesBilled, costMicros, ...team }) => ({
      ...team,
      bytesBilled: bytesBilled.toString(),
      costMicros: costMicros.toString(),
    })),
  };
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : iso(atMs);
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
