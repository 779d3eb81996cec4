import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts';
import type { ChainHead } from '../../../src/records/journal/chain.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { enterPruning } from '../../../src/records/pruning/prune-journal.ts';
import { emptyLedgerUrl } from '../../ledger/ledgers.ts';
import { onServer } from '../../ledger/on-server.ts';
import {
  answerEntry,
  decisionEntry,
  enter,
  grantEntry,
  reconciliationEntry,
  requestEntry,
  revocationEntry,
  settlementEntry,
} from './journal-builders.ts';

export interface SealedBooks {
  readonly url: string;
  readonly ledger: Ledger;
  readonly head: ChainHead;
}

/** Three seals over entries of each kind, and one entry that waits to be sealed. */
export async function sealedBooks(at?: string): Promise<SealedBooks> {
  const url = at ?? (await emptyLedgerUrl());
  const ledger = await openLedger(url);
  onTestFinished(() => ledger.close());
  await enter(ledger, decisionEntry('d1'), settlementEntry('d1', { version: 0n }), settlementEntry('d1'));
  await sealNow(ledger);
  await enter(ledger, decisionEntry('d2'), settlementEntry('d2'), grantEntry('g1'), revocationEntry('g1'));
  await sealNow(ledger);
  await enter(
    ledger,
    grantEntry('g2'),
    revocationEntry('g2'),
    reconciliationEntry('r1'),
    reconciliationEntry('r2'),
    requestEntry('q1'),
    answerEntry('q1'),
  );
  await ledger.write((db) => enterPruning(db, { atMs: 9, beforeMs: 5, decisions: 0, settlements: 0 }));
  const head = await sealNow(ledger);
  if (head === null) throw new Error('Nothing was sealed.');
  await enter(ledger, decisionEntry('d3', Date.now()));
  return { url, ledger, head };
}

/** Changes the books behind guardrail's back, as one with access to the database can: no foreign key holds. */
export async function tamper({ url }: SealedBooks, ...statements: readonly string[]): Promise<void> {
  if (url.startsWith('sqlite:')) {
    using database = new DatabaseSync(url.slice('sqlite:'.length), { enableForeignKeyConstraints: false });
    for (const sql of statements) database.exec(sql);
    return;
  }
  const server = new URL(url);
  server.search = '';
  await onServer(
    server.href,
    'set session_replication_role = replica',
    'set search_path = guardrail',
    ...statements,
  );
}
