import type { Migration } from 'kysely/migration';
import {
  addAccounts,
  addGrantsAndNotices,
  addReplicas,
  indexDecisionsByFingerprint,
  payOnceForJobs,
  versionSettlements,
} from './migrations/accounts.ts';
import { addRewrites, indexRefusals } from './migrations/advice.ts';
import {
  addJournal,
  addReasons,
  addReconciliations,
  addRollUps,
  addTariffs,
  sumUpOnceADay,
} from './migrations/books.ts';
import { createTables, indexSettlementsByJob } from './migrations/first.ts';
import { addGrantRequests } from './migrations/grant-requests.ts';
import { addLineageCursors } from './migrations/lineage.ts';
import { addQuerySpend } from './migrations/spend.ts';
import { addTurns } from './migrations/turns.ts';

/**
 * Every step from an empty database to this build's schema, in order of their names. A step that has shipped never
 * changes.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '2026-11-24-first': { up: createTables },
  '2026-11-24-settlements-by-job': { up: indexSettlementsByJob },
  '2026-11-25-accounts': { up: addAccounts },
  '2026-11-25-fingerprints': { up: indexDecisionsByFingerprint },
  '2026-11-25-grants-and-notices': { up: addGrantsAndNotices },
  '2026-11-25-journal': { up: addJournal },
  '2026-11-25-reconciliations': { up: addReconciliations },
  '2026-11-25-replicas': { up: addReplicas },
  '2026-11-25-roll-ups': { up: addRollUps },
  '2026-11-25-settlement-versions': { up: versionSettlements },
  '2026-11-25-settlement-versions-pay-once': { up: payOnceForJobs },
  '2026-11-26-reasons-of-reconciliations': { up: addReasons },
  '2026-11-26-rewrites': { up: addRewrites },
  '2026-11-26-sums-once-a-day': { up: sumUpOnceADay },
  '2026-11-27-lineage-cursors': { up: addLineageCursors },
  '2026-11-27-refusals': { up: indexRefusals },
  '2026-11-28-grant-requests': { up: addGrantRequests },
  '2026-11-28-tariffs-of-settlements': { up: addTariffs },
  '2026-11-29-turns': { up: addTurns },
  '2026-11-30-spend-of-queries': { up: addQuerySpend },
};
