import { DatabaseSync } from 'node:sqlite';
import { openLedger } from '../../src/ledger/ledger.ts';
import { type ChainHead, headOf, nextSeal, type SealedEntry } from '../../src/records/journal/chain.ts';
import { entryAtMs, entryHash, entryId, type JournalEntry } from '../../src/records/journal/journal.ts';
import { type Company, type FilledQuery, queryOf } from './fill/query.ts';
import {
  decisionRow,
  partRows,
  reservationRow,
  rewriteRow,
  settlementRows,
  tableNames,
} from './fill/rows.ts';

/** How the ledger of a bench is filled. */
export interface Filling {
  readonly path: string;
  readonly decisions: number;
  /** Days that they are spread over, up to `toMs`. */
  readonly days: number;
  readonly toMs: number;
  /** Whether decisions keep the text of their SQL; else it is empty, as where a policy drops it. */
  readonly keepsSql: boolean;
  readonly company?: Company;
  /** The ID of the decision of an instant. */
  idOf(i: number, atMs: number): string;
}

const DAY_MS = 86_400_000;
const ENTRIES_PER_SEAL = 250;

const SMALL: Company = { teams: 12, persons: 400, dashboards: 60, cards: 600, tables: 6, refusedOf: 50 };

/**
 * Fills a new ledger as dashboards would: each query reads a table or two, holds a part of two budgets, is settled, and
 * is in the journal, which is sealed; some are refused and offered another form, and some are corrected a day later.
 */
export async function fillLedger(filling: Filling): Promise<void> {
  const { path, decisions, days, toMs, keepsSql, company = SMALL } = filling;
  await (await openLedger(`sqlite:${path}`)).close();
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000000; BEGIN');
  const insert = inserter(db);
  const journal = createJournal(insert);
  for (let i = 0; i < decisions; i += 1) {
    const atMs = toMs - days * DAY_MS + Math.floor((i / decisions) * days * DAY_MS);
    const query = queryOf(company, { i, id: filling.idOf(i, atMs), atMs });
    enterDecision(insert, query, keepsSql).forEach(journal.add);
    if (query.refused) insert('rewrites', rewriteRow(query));
    else enterSettlements(insert, query).forEach(journal.add);
  }
  journal.end();
  db.exec('COMMIT; PRAGMA journal_mode = WAL');
  db.close();
}

type Insert = (table: string, row: object) => void;

function inserter(db: DatabaseSync): Insert {
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  return (table, row) => {
    const columns = Object.keys(row);
    const statement =
      statements.get(table) ??
      db.prepare(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      );
    statements.set(table, statement);
    statement.run(...Object.values(row));
  };
}

function enterDecision(insert: Insert, query: FilledQuery, keepsSql: boolean): readonly JournalEntry[] {
  const row = decisionRow(query, keepsSql);
  const tables = tableNames(query);
  insert('decisions', row);
  for (const table_name of tables) insert('decision_tables', { decision_id: query.id, table_name });
  return [{ kind: 'decision', row, tables }];
}

function enterSettlements(insert: Insert, query: FilledQuery): readonly JournalEntry[] {
  insert('reservations', reservationRow(query));
  for (const part of partRows(query)) insert('reservation_parts', part);
  return settlementRows(query).map((row) => {
    insert('settlements', row);
    return { kind: 'settlement', row, decisionAtMs: BigInt(query.atMs) };
  });
}

/** A journal without seals would be taken for one that lacks entries, and each entry looked at. */
function createJournal(insert: Insert) {
  let head: ChainHead | null = null;
  let unsealed: SealedEntry[] = [];
  function seal(): void {
    const last = unsealed.at(-1);
    if (last === undefined) return;
    const row = nextSeal(head, unsealed, Number(last.at_ms) + 1000);
    insert('seals', row);
    for (const entry of unsealed) insert('journal', { ...entry, seal: row.seal });
    head = headOf(row);
    unsealed = [];
  }
  return {
    add(entry: JournalEntry) {
      unsealed.push({
        kind: entry.kind,
        id: entryId(entry),
        at_ms: entryAtMs(entry),
        hash: entryHash(entry),
      });
      if (unsealed.length === ENTRIES_PER_SEAL) seal();
    },
    end: seal,
  };
}
