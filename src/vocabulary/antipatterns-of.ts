import type { AntiPatternFinding } from './antipattern.ts';
import { type TableReference, tableName } from './table.ts';

/** The parts of a reading that this asks for. */
interface ReadAntiPatterns {
  readonly tables: readonly { readonly table: TableReference }[];
  readonly antiPatterns: readonly AntiPatternFinding[];
}

/** What is known of the tables. Each answers null where it is not known; a candidate that needs it is then dropped. */
export interface KnownOfTables {
  /** Its name as the warehouse spells it; null also where the table is not partitioned. */
  readonly partitionColumnOf: (table: TableReference) => string | null;
  /** Its logical size. */
  readonly bytesOf?: (table: TableReference) => bigint | null;
}

/** A join is told to start with the other table only where that is so much larger that it matters. */
const MUCH_LARGER = 10n;

/**
 * The anti-patterns of a query that hold, given what is known of its tables: candidates are kept or dropped, and
 * those kept name the partition column that they are about.
 * @param reading what the SQL says, with every candidate
 * @param partitionColumnOf the column that a table is partitioned by, null where it is not or it is not known
 * @param bytesOf a table's logical size, null where it is not known
 */
export function antiPatternsOf(
  reading: ReadAntiPatterns,
  partitionColumnOf: KnownOfTables['partitionColumnOf'],
  bytesOf: NonNullable<KnownOfTables['bytesOf']> = () => null,
): readonly AntiPatternFinding[] {
  const references = new Map(reading.tables.map(({ table }) => [tableName(table), table]));
  const of = <Answer>(name: string | null, ask: (table: TableReference) => Answer | null): Answer | null => {
    const reference = name === null ? undefined : references.get(name);
    return reference === undefined ? null : ask(reference);
  };
  return reading.antiPatterns.flatMap((finding) => {
    const { onlyIf } = finding;
    if (onlyIf === null) return [finding];
    if (onlyIf.kind === 'smaller-than') {
      const [own, other] = [of(finding.table, bytesOf), of(onlyIf.table, bytesOf)];
      return own !== null && other !== null && own * MUCH_LARGER <= other ? [held(finding)] : [];
    }
    const column = of(finding.table, partitionColumnOf)?.toLowerCase() ?? null;
    if (column === null) return [];
    const holds =
      onlyIf.kind === 'partitioned-by-column' ? finding.column === column : !onlyIf.columns.includes(column);
    return holds ? [{ ...held(finding), column }] : [];
  });
}

function held(finding: AntiPatternFinding): AntiPatternFinding {
  return { ...finding, onlyIf: null };
}
