import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { openLedger } from '../../src/ledger/ledger.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { databaseOf, onServer } from './on-server.ts';

/** What an empty ledger's file holds, made once: to migrate a new one takes four times the processor time of writing it. */
let emptyFile: Promise<Uint8Array> | undefined;

/** The address of a SQLite file with an empty ledger, gone after the test. */
export async function emptySqlite(): Promise<string> {
  emptyFile ??= contentsOfEmptyFile();
  const path = join(await temporaryFolder(), 'ledger.db');
  await writeFile(path, await emptyFile, { mode: 0o600 });
  return `sqlite:${path}`;
}

async function contentsOfEmptyFile(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-'));
  const path = join(folder, 'ledger.db');
  await (await openLedger(`sqlite:${path}`)).close();
  const contents = await readFile(path);
  await rm(folder, { recursive: true });
  return contents;
}

/** Databases that tests of this worker have left empty: to make one takes several times as long as to empty it. */
const leftEmpty: string[] = [];

/** The address of a PostgreSQL database with an empty ledger, which is the test's alone until it ends. */
export async function emptyPostgres(server: string): Promise<string> {
  const database = leftEmpty.pop() ?? (await copyOfTemplate(server));
  onTestFinished(async () => {
    await onServer(database, DISCONNECT_OTHERS, TRUNCATE_WHAT_HAS_ROWS);
    leftEmpty.push(database);
  });
  return `${database}?pool=4`;
}

async function copyOfTemplate(server: string): Promise<string> {
  const { template } = inject('postgres');
  const name = `${template}_${randomUUID().slice(0, 8)}`;
  await onServer(server, `create database ${name} template ${template}`);
  return databaseOf(server, name);
}

const DISCONNECT_OTHERS = `
  select pg_terminate_backend(pid, 5000) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;

/** Rows that are only deleted would stay in the way of those of later tests until PostgreSQL gets round to them. */
const TRUNCATE_WHAT_HAS_ROWS = `
  do $$
  declare
    name text;
    has_rows boolean;
    filled text[];
  begin
    for name in
      select tablename from pg_tables where schemaname = 'guardrail' and tablename not like 'kysely%'
    loop
      execute format('select exists (select from guardrail.%I)', name) into has_rows;
      if has_rows then
        filled := filled || format('guardrail.%I', name);
      end if;
    end loop;
    if filled is not null then
      execute 'truncate ' || array_to_string(filled, ', ') || ' cascade';
    end if;
  end $$`;
