import { type TableReference, tableName } from '../table.ts';
import type { AntiPatternFinding } from './antipattern.ts';

/** The parts of a reading that are needed here. */
interface ReadAntiPatterns {
  readonly tables: readonly { readonly table: TableReference }[];
  readonly antiPatterns: readonly AntiPatternFinding[];
}

/** Reordering a join is only suggested if the other table is so much larger that it matters. */
const MUCH_LARGER = 10n;

/**
 * The anti-patterns of a query that hold, given what is known about its tables: candidates are kept or dropped, and
 * those kept name the partition column that they are about. What is not known confirms no candidate.
 * @param reading what the SQL says, with every candidate
 * @param partitionColumnOf the column that a table is partitioned by, `_PARTITIONTIME` for the load time; null if there
 * is none or it is not known
 * @param bytesOf a table's logical size; null if it is not known
 */
export function antiPatternsOf(
  reading: ReadAntiPatterns,
  partitionColumnOf: (table: TableReference) => string | null,
  bytesOf: (table: TableReference) => bigint | null = () => null,
): readonly AntiPatternFinding[] {
  const references = new Map(reading.tables.map(({ table }) => [tableName(table), table]));
  const byName = <Answer>(lookUp: (table: TableReference) => Answer | null) => {
    return (name: string | null): Answer | null => {
      const reference = name === null ? undefined : references.get(name);
      return reference === undefined ? null : lookUp(reference);
    };
  };
  const tables: TableLookups = { partitionColumn: byName(partitionColumnOf), bytes: byName(bytesOf) };
  const confirmed = reading.antiPatterns.flatMap((finding) => confirmedFinding(finding, tables) ?? []);
  return confirmed.filter(
    (finding, index) => !confirmed.slice(0, index).some((earlier) => isSame(earlier, finding)),
  );
}

/** By `project.dataset.table`; null if it is not known. */
interface TableLookups {
  readonly partitionColumn: (name: string | null) => string | null;
  readonly bytes: (name: string | null) => bigint | null;
}

function confirmedFinding(finding: AntiPatternFinding, tables: TableLookups): AntiPatternFinding | null {
  const { onlyIf, table } = finding;
  if (onlyIf === null) return finding;
  const confirmed = { ...finding, onlyIf: null };
  if (onlyIf.kind === 'smaller-than') {
    const [ownBytes, otherBytes] = [tables.bytes(table), tables.bytes(onlyIf.table)];
    return ownBytes !== null && otherBytes !== null && ownBytes * MUCH_LARGER <= otherBytes
      ? confirmed
      : null;
  }
  const column = tables.partitionColumn(table)?.toLowerCase() ?? null;
  if (column === null) return null;
  const names = PARTITION_NAMES[column] ?? [column];
  const isMet =
    onlyIf.kind === 'partitioned-by-column'
      ? names.some((name) => name === finding.column)
      : !names.some((name) => onlyIf.columns.includes(name));
  return isMet ? { ...confirmed, column } : null;
}

/** The pseudo-columns of the load time: one is the date of the other. */
const PARTITION_NAMES: Readonly<Record<string, readonly string[]>> = {
  _partitiontime: ['_partitiontime', '_partitiondate'],
};

function isSame(a: AntiPatternFinding, b: AntiPatternFinding): boolean {
  return (
    a.name === b.name && a.span.start === b.span.start && a.span.end === b.span.end && a.table === b.table
  );
}
