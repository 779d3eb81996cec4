import { z } from 'zod';
import type { RetentionPeriod } from '../foundation/calendar/retention-period.ts';
import { type AccessSettings, accessKeys, accessProblems, accessSettings } from './access.ts';
import { type LineageSettings, lineageKeys, lineageSettings } from './lineage.ts';
import { problemsOf, unfilledProblems } from './problems.ts';
import { type ReadingSettings, readingKeys, readingSettings } from './reading.ts';
import { opsTlsSettings, type TlsSettings, tlsKeys, tlsProblems, tlsSettings } from './tls.ts';
import {
  address,
  count,
  FOR_EVER,
  type ListenAddress,
  listenAddress,
  origin,
  originOrEmpty,
  retentionPeriod,
  seconds,
  secondsOrNone,
  share,
  size,
  yesOrNo,
} from './value-kinds.ts';

const SPOOL = '.guardrail/spool.jsonl';

/**
 * Every setting, with its default. A key here is the key in `guardrail.yaml`; in upper case and prefixed with
 * `GUARDRAIL_` it is the environment variable, which has priority.
 */
export const settingsSchema = z.strictObject({
  listen: listenAddress.prefault('127.0.0.1:8080').describe('where BI tools reach the proxy'),
  ops_listen: listenAddress
    .prefault('127.0.0.1:8081')
    .describe('where operators reach metrics, health and the API'),
  console_url: originOrEmpty
    .default('')
    .describe(
      'where people reach the console, such as https://guardrail.example.com; refusals then link to their decision; ' +
        'empty: refusals give its ID',
    ),
  reuse_port: yesOrNo
    .default(false)
    .describe(
      'several processes on one machine share the port of the proxy, as replicas; each needs its own ops_listen and ' +
        'ledger_spool; Linux only',
    ),
  ...tlsKeys,
  upstream: origin.prefault('https://bigquery.googleapis.com').describe('the warehouse'),
  policies: z.string().min(1).default('policies').describe('folder of policy files'),
  ledger: z
    .string()
    .min(1)
    .default('sqlite:.guardrail/ledger.db')
    .describe('sqlite:PATH, or postgres://… for several replicas'),
  ledger_timeout: seconds.prefault(5).describe('maximum seconds that a query waits for the ledger'),
  on_ledger_failure: z
    .enum(['deny', 'allow_capped'])
    .default('deny')
    .describe(
      'what happens to queries while the ledger is down; allow_capped: they run, capped at their estimate',
    ),
  ledger_spool: z
    .string()
    .min(1)
    .default(SPOOL)
    .describe('file for entries that wait until the ledger is back; each process needs its own'),
  records_keep: retentionPeriod
    .prefault(FOR_EVER)
    .describe(
      'how long records are kept, such as 400 days or 13 months; of older ones, only daily sums are kept',
    ),
  ...accessKeys,
  ...lineageKeys,
  log_level: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('lowest level that is logged'),
  max_query_body: size.prefault('10 MiB').describe('largest request body with a query'),
  max_connections: count
    .prefault(10_000)
    .describe('maximum connections to the proxy at one time; more are closed'),
  head_timeout: seconds
    .prefault(20)
    .describe("seconds that a request's head may take to arrive; after that, the connection is closed"),
  body_timeout: seconds
    .prefault(60)
    .describe('seconds that a body with a query may take to arrive; media of uploads have no limit'),
  unknown_methods: z
    .enum(['refuse', 'pass'])
    .default('refuse')
    .describe(
      'what happens to methods below /bigquery/v2/ that the API did not have when this version was made; everything else is refused',
    ),
  ...readingKeys,
  estimate_ttl: seconds.prefault(60).describe('seconds for which the result of a dry run is reused'),
  estimate_entries: count.prefault(10_000).describe('maximum number of dry runs that are remembered'),
  dry_run_timeout: seconds.prefault(30).describe('seconds until a dry run counts as failed'),
  table_definition_ttl: seconds
    .prefault(600)
    .describe("seconds for which a table's definition is reused, if rules use partitions or clusters"),
  table_definition_timeout: seconds
    .prefault(3)
    .describe('seconds that a query waits for table definitions before it is judged without'),
  rewrite_wait: secondsOrNone
    .prefault(2)
    .describe(
      'maximum seconds that a refusal waits for rewrites; those found later are kept with the decision',
    ),
  settle_timeout: seconds
    .prefault(6 * 3600 + 600)
    .describe(
      'seconds until an unsettled reservation is charged in full; BigQuery ends a query after six hours',
    ),
  token_info_url: originOrEmpty
    .prefault('https://oauth2.googleapis.com/tokeninfo')
    .describe(
      'asked for the e-mail address behind a token if a dry run does not name it; empty: never asked',
    ),
  traces_endpoint: z
    .union([address, z.literal('')])
    .default('')
    .describe('where an OpenTelemetry collector accepts traces, as OTLP in JSON over HTTP; empty: no traces'),
  traces_sample: share
    .prefault(1)
    .describe('share of queries that are traced, 0 to 1, if the client does not decide'),
});

/** The checked settings; from here on, times are in milliseconds and sizes in bytes. */
export interface Settings extends ReadingSettings {
  readonly listen: ListenAddress;
  readonly opsListen: ListenAddress;
  /** Where people reach the console, without a trailing slash; null: not configured. */
  readonly consoleUrl: string | null;
  /** Other processes may listen on the proxy's port too. */
  readonly reusePort: boolean;
  /** Null: plain HTTP. */
  readonly tls: TlsSettings | null;
  readonly opsTls: TlsSettings | null;
  /** Origin without a trailing slash. */
  readonly upstream: string;
  readonly policies: string;
  readonly ledger: string;
  readonly ledgerTimeoutMs: number;
  readonly onLedgerFailure: 'deny' | 'allow_capped';
  readonly ledgerSpool: string;
  /** Null: for ever. */
  readonly recordsKeep: RetentionPeriod | null;
  readonly access: AccessSettings;
  /** Null: nowhere. */
  readonly lineage: LineageSettings | null;
  readonly logLevel: string;
  readonly maxQueryBodyBytes: number;
  readonly maxConnections: number;
  readonly headTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly unknownMethods: 'refuse' | 'pass';
  readonly estimateTtlMs: number;
  readonly estimateEntries: number;
  readonly dryRunTimeoutMs: number;
  readonly tableDefinitionTtlMs: number;
  readonly tableDefinitionTimeoutMs: number;
  readonly rewriteWaitMs: number;
  readonly settleTimeoutMs: number;
  /** Null: never asked. */
  readonly tokenInfoUrl: string | null;
  /** Null: no traces. */
  readonly tracesEndpoint: string | null;
  /** 0 to 1. */
  readonly tracesSample: number;
}

/** Settings from plain keys and values; every problem at once. */
export function parseSettings(
  values: Readonly<Record<string, unknown>>,
):
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] } {
  const unfilled = unfilledProblems(values);
  const parsed = settingsSchema.safeParse(values);
  if (!parsed.success) return { ok: false, problems: [...unfilled, ...problemsIn(parsed.error)] };
  const s = parsed.data;
  const problems = [...unfilled, ...accessProblems(s), ...tlsProblems(s), ...sharingProblems(s)];
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, settings: settingsFrom(s) };
}

function settingsFrom(s: z.output<typeof settingsSchema>): Settings {
  return {
    listen: s.listen,
    opsListen: s.ops_listen,
    consoleUrl: s.console_url === '' ? null : s.console_url,
    reusePort: s.reuse_port,
    tls: tlsSettings(s),
    opsTls: opsTlsSettings(s),
    upstream: s.upstream,
    policies: s.policies,
    ledger: s.ledger,
    ledgerTimeoutMs: s.ledger_timeout,
    onLedgerFailure: s.on_ledger_failure,
    ledgerSpool: s.ledger_spool,
    recordsKeep: s.records_keep,
    access: accessSettings(s, s.ops_listen.host),
    lineage: lineageSettings(s),
    logLevel: s.log_level,
    maxQueryBodyBytes: s.max_query_body,
    maxConnections: s.max_connections,
    headTimeoutMs: s.head_timeout,
    bodyTimeoutMs: s.body_timeout,
    unknownMethods: s.unknown_methods,
    ...readingSettings(s),
    estimateTtlMs: s.estimate_ttl,
    estimateEntries: s.estimate_entries,
    dryRunTimeoutMs: s.dry_run_timeout,
    tableDefinitionTtlMs: s.table_definition_ttl,
    tableDefinitionTimeoutMs: s.table_definition_timeout,
    rewriteWaitMs: s.rewrite_wait,
    settleTimeoutMs: s.settle_timeout,
    tokenInfoUrl: s.token_info_url === '' ? null : s.token_info_url,
    tracesEndpoint: s.traces_endpoint === '' ? null : s.traces_endpoint,
    tracesSample: s.traces_sample,
  };
}

/** Reported before anything is opened: with the default, only the first of the processes would start. */
function sharingProblems({ reuse_port, ledger_spool }: z.output<typeof settingsSchema>): readonly string[] {
  if (!reuse_port || ledger_spool !== SPOOL) return [];
  return ["ledger_spool: name a file of this process's own, since reuse_port lets several share a port"];
}

function problemsIn({ issues }: z.ZodError): readonly string[] {
  const known = Object.keys(settingsSchema.shape);
  return issues.flatMap((issue) => problemsOf(issue, known));
}
