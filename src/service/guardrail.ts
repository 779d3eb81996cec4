import type { Server } from 'node:http';
import type { Logger } from 'pino';
import { openSpool } from '../books/outage/spool.ts';
import { consoleRouter } from '../console/console.ts';
import { openLedger } from '../ledger/ledger.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { createOpsServer } from '../ops/server.ts';
import type { Policy } from '../policy/policy.ts';
import { type PolicyWatch, watchPolicy } from '../policy/watch.ts';
import { createProxy, type ProxyServer } from '../proxy/server.ts';
import type { Settings } from '../settings/settings.ts';
import { type Ending, endAll } from './endings.ts';
import { closeServer, listen } from './listen.ts';
import { createParts, type Parts } from './parts.ts';
import { startReader } from './sql-reader.ts';
import { createTransports, type Transports } from './transports.ts';
import { startUpkeep } from './upkeep/upkeep.ts';

/** How long answers under way may continue after a stop signal. */
const DRAIN_MS = 25_000;

export interface Guardrail {
  /** Where the proxy listens, such as `http://127.0.0.1:8080`, or `https:` over TLS. */
  readonly proxyUrl: string;
  /** Where metrics, health and the API are. */
  readonly opsUrl: string;
  /**
   * Takes no more queries, lets running ones end, and closes the ledger.
   * @throws what a part threw while closing, once all are closed; an AggregateError if several did
   */
  close(): Promise<void>;
}

/** A guardrail whose parts are running but which does not listen yet. */
export interface PreparedGuardrail {
  /** @throws ListenError, with nothing left open */
  listen(): Promise<Guardrail>;
  close(): Promise<void>;
}

/**
 * Assembles guardrail and starts it.
 * @throws PolicyRejected, CertificateError, LedgerError, SpoolError or ListenError, with nothing left open
 */
export async function startGuardrail(settings: Settings, log: Logger): Promise<Guardrail> {
  const prepared = await prepareGuardrail(settings, log);
  return prepared.listen();
}

/**
 * Does everything that comes before the first query, for callers that have something else to start before listening.
 * @throws PolicyRejected, CertificateError, LedgerError or SpoolError, with nothing left open
 */
export async function prepareGuardrail(settings: Settings, log: Logger): Promise<PreparedGuardrail> {
  const endings: Ending[] = [];
  const close = () => endAll(endings);
  const orClose = async (error: unknown): Promise<never> => {
    await close().catch((err: unknown) => log.error({ err }, 'what had been opened could not all be closed'));
    throw error;
  };
  const prepared = await prepare(settings, log, endings).catch(orClose);
  return {
    listen: async () => ({ ...(await listenOn(prepared, endings).catch(orClose)), close }),
    close,
  };
}

interface Prepared {
  readonly parts: Parts;
  readonly transports: Transports;
  /** Aborts requests that still wait for the warehouse. */
  readonly stopping: AbortController;
}

async function prepare(settings: Settings, log: Logger, endings: Ending[]): Promise<Prepared> {
  const metrics = createMetrics();
  const reader = startReader({ settings, log, metrics });
  endings.push(reader.close);
  const watch = await startPolicy(settings.policies, metrics, log);
  endings.push(watch.close);
  const transports = await createTransports(settings, { log, metrics });
  endings.push(transports.close);
  const ledger = await openLedger(settings.ledger);
  endings.push(ledger.close);
  const stopping = new AbortController();
  const spool = await openSpool(settings.ledgerSpool);
  endings.push(spool.close);
  const parts = await createParts(ledger, spool, {
    settings,
    log,
    metrics,
    watch,
    reader,
    stopping: stopping.signal,
  });
  endings.push(parts.tracing.close, parts.consoleProcesses.close, parts.upstream.close, () =>
    stopping.abort(),
  );
  endings.push(await startUpkeep(parts), parts.thresholds.drained, parts.books.drained);
  return { parts, transports, stopping };
}

async function listenOn(
  { parts, transports, stopping }: Prepared,
  endings: Ending[],
): Promise<Omit<Guardrail, 'close'>> {
  const { settings, reader } = parts;
  // No request should have to wait for the reader to start.
  await reader.ready;
  const ops = opsOf(parts, transports);
  const opsUrl = await listen(ops, settings.opsListen, 'ops_listen');
  endings.push(() => closeServer(ops, 0), parts.live.close);
  const proxy = proxyOf(parts, transports);
  const proxyUrl = await listen(proxy.server, settings.listen, 'listen', settings.reusePort);
  endings.push(
    proxy.drained,
    // Whatever still waits for the warehouse does so for nobody: the client is gone.
    () => stopping.abort(),
    () => closeServer(proxy.server, DRAIN_MS),
    // Queries that wait for a place are refused at once; running queries may end.
    parts.turnstile.close,
  );
  return { proxyUrl, opsUrl };
}

function opsOf(parts: Parts, transports: Transports): Server {
  const { log } = parts;
  const sources = {
    ...parts,
    policy: parts.watch.current,
    rejectedPolicy: parts.watch.rejected,
    onLedgerFailure: parts.settings.onLedgerFailure,
    readerProblem: parts.reader.startProblem,
    questions: parts.consoleProcesses.questions,
  };
  const pages = consoleRouter({
    ...sources,
    onError: (error) => log.error({ err: error }, 'a page of the console could not be written'),
  });
  return createOpsServer(sources, pages, { log, transport: transports.ops });
}

function proxyOf(parts: Parts, transports: Transports): ProxyServer {
  const { settings } = parts;
  return createProxy(
    {
      ...parts,
      policy: parts.watch.current,
      replica: parts.replica.id,
      consoleUrl: settings.consoleUrl,
      settleTimeoutMs: settings.settleTimeoutMs,
    },
    {
      ...settings,
      passUnknownMethods: settings.unknownMethods === 'pass',
    },
    transports.proxy,
  );
}

async function startPolicy(folder: string, metrics: Metrics, log: Logger): Promise<PolicyWatch> {
  const showVersion = ({ version }: Policy) => {
    metrics.policyInfo.reset();
    metrics.policyInfo.set({ version }, 1);
  };
  const watch = await watchPolicy(folder, {
    onReload(policy) {
      showVersion(policy);
      metrics.policyReloads.inc({ outcome: 'taken' });
      metrics.policyRejected.set(0);
      log.info({ policy: policy.version }, 'the policy was reloaded');
    },
    onRejected(errors) {
      metrics.policyReloads.inc({ outcome: 'rejected' });
      metrics.policyRejected.set(1);
      log.error(
        { errors: errors.map(String) },
        'a policy edit was rejected; the policy before it stays in force',
      );
    },
    onError(error) {
      log.error({ err: error }, 'a look at the policy files broke; the next look comes');
    },
    onRuleError({ rule, message, decisionId: decision }) {
      metrics.ruleErrors.inc({ rule });
      log.warn({ decision, rule, message }, 'a rule failed while it was evaluated');
    },
  });
  showVersion(watch.current());
  return watch;
}
