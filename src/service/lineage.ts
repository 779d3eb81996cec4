import type { Ledger } from '../ledger/ledger.ts';
import { fileTarget } from '../records/lineage/file-target.ts';
import { httpTarget } from '../records/lineage/http-target.ts';
import { createLineage, type Lineage, type LineageAttempt } from '../records/lineage/lineage.ts';
import type { Settings } from '../settings/settings.ts';
import { createReader, type Reader } from '../sql/processes/reader.ts';
import { withoutComments } from '../sql/tokens/without-comments.ts';
import type { ColumnLineage } from '../vocabulary/column-lineage.ts';
import type { Decision } from '../vocabulary/decision.ts';
import type { ServiceContext } from './service-context.ts';
import { readLimits } from './sql-reader.ts';

/** Emits lineage to where the settings say; null if they say nowhere. */
export function configuredLineage(
  ledger: Ledger,
  context: Pick<ServiceContext, 'settings' | 'log' | 'metrics'>,
): Lineage | null {
  const { settings, log, metrics } = context;
  const lineageSettings = settings.lineage;
  if (lineageSettings === null) return null;
  const columns = columnLineageInItsProcess(settings);
  const lineage = createLineage({
    ledger,
    target:
      lineageSettings.target.kind === 'file'
        ? fileTarget(lineageSettings.target.path)
        : httpTarget({ url: lineageSettings.target.url, token: tokenOf(lineageSettings.token) }),
    producer: lineageSettings.producer,
    namespace: lineageSettings.namespace,
    columnLineage: columns.of,
    withoutComments,
    onAttempt: (attempt) => countAndLog(attempt, context),
    onError(error) {
      metrics.ledgerErrors.inc({ operation: 'lineage' });
      log.error(
        { err: error },
        'what is to be sent as lineage could not be read; the next round tries again',
      );
    },
  });
  return {
    ...lineage,
    async stop() {
      await lineage.stop();
      await columns.close();
    },
  };
}

/**
 * The token from the settings. For `google`, a token of the application default credentials, renewed before it expires.
 */
function tokenOf(setting: string | null): () => Promise<string | null> {
  if (setting !== 'google') return async () => setting;
  const auth = googleAuth();
  return async () => {
    const token = await (await auth).getAccessToken();
    if (typeof token !== 'string') throw new Error('the application default credentials gave no token');
    return token;
  };
}

/** Loaded only if it is needed. */
async function googleAuth() {
  const { GoogleAuth } = await import('google-auth-library');
  return new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
}

/**
 * Uses a process of its own, so that queries on their way never wait for it; the first query that writes a table starts
 * it. It is asked only about queries that write one table and whose SQL text is kept.
 */
function columnLineageInItsProcess(settings: Settings) {
  let reader: Reader | null = null;
  return {
    async of(decision: Decision): Promise<ColumnLineage | null> {
      const { sql, sqlRetention, reading, projectId, writes = [] } = decision;
      const hasWords = sqlRetention === 'stored' || sqlRetention === 'masked';
      if (writes.length !== 1 || !hasWords || reading.reader !== 'polyglot') return null;
      reader ??= createReader({ ...readLimits(settings), processes: 1 });
      return reader.columnLineage(sql, { projectId, defaultDataset: null });
    },
    close: async () => reader?.close(),
  };
}

function countAndLog(
  { outcome, count, decision, problem }: LineageAttempt,
  { log, metrics }: Pick<ServiceContext, 'log' | 'metrics'>,
): void {
  metrics.lineageEvents.inc({ outcome }, count);
  if (outcome === 'sent') return;
  log.warn({ outcome, count, decision, problem }, WARNINGS[outcome]);
}

const WARNINGS: Readonly<Record<Exclude<LineageAttempt['outcome'], 'sent'>, string>> = {
  refused: 'the lineage target refused an event for good',
  failed: 'the lineage target did not accept an event; it is sent again later',
  pruned: 'records were pruned before they were sent as lineage',
  unreadable: 'a record could not be sent as lineage',
};
