import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { type Books, createBooks } from '../books/books.ts';
import { type Budgets, createBudgets } from '../budget/budgets.ts';
import { createReplica, type Replica } from '../budget/replicas.ts';
import { createTurnstile } from '../budget/turnstile.ts';
import { createDryRun } from '../estimate/dry-run.ts';
import { createEstimates } from '../estimate/estimates.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { createOpsServer } from '../ops/server.ts';
import { type PolicyWatch, watchPolicy } from '../policy/watch.ts';
import { createJobFinder } from '../proxy/answer/find-job.ts';
import { createJobFollower } from '../proxy/answer/follow-job.ts';
import { createRepeats } from '../proxy/repeats.ts';
import { createProxy, type ProxyServer } from '../proxy/server.ts';
import { createUpstream, type Upstream } from '../proxy/upstream.ts';
import { createRecords, type Records } from '../records/records.ts';
import { createSlotHistory, type SlotHistory } from '../records/slot-history.ts';
import type { Settings } from '../settings/settings.ts';
import { closeServer, listen } from './listen.ts';
import { principalFallback } from './principal.ts';
import { startUpkeep } from './upkeep.ts';

/** How long answers under way may go on after a stop signal. */
const DRAIN_MS = 25_000;

export interface Guardrail {
  /** Where the proxy listens, such as `http://127.0.0.1:8080`. */
  readonly proxyUrl: string;
  /** Where metrics, health and the API are. */
  readonly opsUrl: string;
  /** Takes no more queries, lets those under way end, and closes the ledger. */
  close(): Promise<void>;
}

/** What a guardrail is made of, and how each part ends. */
interface Parts {
  readonly settings: Settings;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly watch: PolicyWatch;
  readonly books: Books;
  readonly budgets: Budgets;
  readonly records: Records;
  readonly slotHistory: SlotHistory;
  readonly replica: Replica;
}

/**
 * Puts the guardrail together and starts it.
 * @throws PolicyRejected, LedgerError or ListenError, with nothing left open
 */
export async function startGuardrail(settings: Settings, log: Logger): Promise<Guardrail> {
  const endings: (() => void | Promise<void>)[] = [];
  // The last that was opened is closed first.
  const close = async () => {
    for (let end = endings.pop(); end !== undefined; end = endings.pop()) await end();
  };
  try {
    const metrics = createMetrics();
    const watch = await startPolicy(settings.policies, metrics, log);
    endings.push(watch.close);
    const ledger = await openLedger(settings.ledger);
    endings.push(ledger.close);
    const parts = { settings, log, metrics, watch, ...partsIn(ledger, settings, metrics) };
    endings.push(await startUpkeep(parts), parts.books.drained);

    const ops = createOpsServer({ ...parts, policy: watch.current, rejectedPolicy: watch.rejected }, log);
    const opsUrl = await listen(ops, settings.opsListen, 'ops_listen');
    endings.push(() => closeServer(ops, 0));
    const stopping = new AbortController();
    const upstream = createUpstream(settings.upstream);
    const proxy = proxyOf(parts, upstream, stopping.signal);
    const proxyUrl = await listen(proxy.server, settings.listen, 'listen');
    endings.push(async () => {
      await closeServer(proxy.server, DRAIN_MS);
      await proxy.drained();
      stopping.abort();
      upstream.close();
    });
    return { proxyUrl, opsUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function partsIn(ledger: Ledger, settings: Settings, metrics: Metrics) {
  return {
    books: createBooks({ ledger }),
    budgets: createBudgets({ ledger }),
    records: createRecords({ ledger }),
    replica: createReplica(ledger, randomUUID(), Date.now()),
    slotHistory: createSlotHistory({
      ledger,
      maxEntries: settings.estimateEntries,
      onError: () => metrics.ledgerErrors.inc({ operation: 'history' }),
    }),
  };
}

function proxyOf(parts: Parts, upstream: Upstream, stopping: AbortSignal): ProxyServer {
  const { settings, log, metrics, watch, books, budgets, slotHistory } = parts;
  return createProxy(
    {
      policy: watch.current,
      estimates: createEstimates({
        dryRun: createDryRun({
          upstream: settings.upstream,
          timeoutMs: settings.dryRunTimeoutMs,
          onSeconds: (seconds) => metrics.dryRunSeconds.observe(seconds),
        }),
        ttlMs: settings.estimateTtlMs,
        maxEntries: settings.estimateEntries,
        principalOf: principalFallback(settings, metrics),
      }),
      books,
      budgets,
      slotHistory,
      turnstile: createTurnstile(),
      replica: parts.replica.id,
      metrics,
      upstream,
      jobs: createJobFollower({ upstream: settings.upstream, signal: stopping }),
      findJob: createJobFinder({ upstream: settings.upstream, signal: stopping }),
      repeats: createRepeats(settings.estimateEntries),
      settleTimeoutMs: settings.settleTimeoutMs,
      log,
    },
    {
      maxQueryBodyBytes: settings.maxQueryBodyBytes,
      passUnknownMethods: settings.unknownMethods === 'pass',
    },
  );
}

async function startPolicy(folder: string, metrics: Metrics, log: Logger): Promise<PolicyWatch> {
  return watchPolicy(folder, {
    onReload(policy) {
      metrics.policyReloads.inc({ outcome: 'taken' });
      metrics.policyRejected.set(0);
      log.info({ policy: policy.version }, 'the policy was reloaded');
    },
    onRejected(errors) {
      metrics.policyReloads.inc({ outcome: 'rejected' });
      metrics.policyRejected.set(1);
      log.error(
        { errors: errors.map(String) },
        'a policy edit was refused; the policy before it stays in force',
      );
    },
    onRuleError({ rule, message }) {
      metrics.ruleErrors.inc({ rule });
      log.warn({ rule, message }, 'a rule failed while it was evaluated');
    },
  });
}
