import { credentialOf } from '../../../caller/credential.ts';
import { hintsOf } from '../../../caller/hints.ts';
import { withoutLeadingRemark } from '../../../caller/remarks/leading-remark.ts';
import { type Asker, createDryRun } from '../../../estimate/dry-run.ts';
import { Unpriced } from '../../../estimate/unpriced.ts';
import { givenEstimate } from '../../../rehearsal/given-estimate.ts';
import type { RehearsedQuery } from '../../../rehearsal/rehearse.ts';
import { readSql } from '../../../sql/read-sql.ts';
import type { NameDefaults } from '../../../sql/table-names.ts';
import type { Bytes } from '../../../vocabulary/bytes.ts';
import { authorizationOf } from './authorization.ts';

/** The parsed flags; `at` in milliseconds since the epoch. */
export interface WarehouseFlags {
  readonly endpoint: string;
  readonly token?: string;
  readonly bytes?: Bytes;
  readonly project: string;
  readonly dataset?: string;
  readonly person?: string;
  readonly dashboard?: string;
  readonly card?: string;
  readonly tool?: string;
  readonly at?: number;
}

export interface ExplainedQuery {
  readonly query: RehearsedQuery;
  /** Where the estimate comes from, for people: `dry run at https://…`. */
  readonly source: string;
}

const TIMEOUT_MS = 30_000;

/**
 * The query as the guard would see it: who asks, by its remark or the flags, and its estimate.
 * @param principal who asks; null for whomever the warehouse names
 * @throws Error in the warehouse's words if it gives no price
 */
export async function explainedQuery(
  sql: string,
  principal: string | null,
  flags: WarehouseFlags,
): Promise<ExplainedQuery> {
  const { hints, remark } = hintsOf({ sql, labels: {}, userAgent: null });
  const { person = hints.person, dashboard = hints.dashboard, card = hints.card, tool = hints.tool } = flags;
  const sent = remark === null ? sql : withoutLeadingRemark(sql, remark);
  const defaults = {
    projectId: flags.project,
    defaultDataset: flags.dataset === undefined ? null : { datasetId: flags.dataset },
  };
  const { bytes, endpoint } = flags;
  const estimate =
    bytes === undefined
      ? await dryRun(sent, defaults, flags)
      : givenEstimate({ bytesProcessed: bytes }, readSql(sent, defaults));
  return {
    source: bytes === undefined ? `dry run at ${endpoint}` : 'as given, no warehouse was asked',
    query: {
      id: 'rehearsal',
      sql: sent,
      defaults,
      atMs: flags.at ?? Date.now(),
      estimate: { ...estimate, principal: principal ?? estimate.principal },
      hints: { person, dashboard, card, tool },
    },
  };
}

/** Who asks the warehouse, and where. */
export async function askerFrom(
  flags: Pick<WarehouseFlags, 'token' | 'endpoint'>,
): Promise<{ readonly upstream: string; readonly asker: Asker }> {
  const authorization = await authorizationOf(flags.token);
  return {
    upstream: flags.endpoint.replace(/\/+$/, ''),
    asker: { credentialKey: credentialOf(authorization).key, headers: { authorization }, search: '' },
  };
}

async function dryRun(sql: string, { projectId, defaultDataset }: NameDefaults, flags: WarehouseFlags) {
  const { upstream, asker } = await askerFrom(flags);
  const query = {
    query: sql,
    useLegacySql: false,
    ...(defaultDataset && { defaultDataset: { projectId, ...defaultDataset } }),
  };
  try {
    return await createDryRun({ upstream, timeoutMs: TIMEOUT_MS })(
      { projectId, location: null, configuration: { query } },
      asker,
    );
  } catch (error) {
    if (!(error instanceof Unpriced)) throw error;
    const message = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(error.answer?.body ?? '')?.[1];
    throw new Error(
      message === undefined
        ? `${error.message} (${upstream}). Name another --endpoint, or give --bytes to do without.`
        : `The warehouse rejects the query: ${JSON.parse(`"${message}"`)}`,
      { cause: error },
    );
  }
}
