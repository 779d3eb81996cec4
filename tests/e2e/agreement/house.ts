import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { explainedQuery } from '../../../src/commands/policy/explain/query.ts';
import { fromLedger, fromWarehouse } from '../../../src/commands/policy/explain/surroundings.ts';
import { rejudgedQueries, replayRecords } from '../../../src/commands/policy/replay/run.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { loadPolicy } from '../../../src/policy/load.ts';
import type { DecisionRecord } from '../../../src/records/decisions/decision-record.ts';
import { readRecords } from '../../../src/records/export/read.ts';
import { type Rehearsal, rehearse } from '../../../src/rehearsal/rehearse.ts';
import type { PastQuery, ReplayVerdict } from '../../../src/reports/replay/outcomes.ts';
import { startGuardrail } from '../../../src/service/guardrail.ts';
import { settings } from '../guardrail.ts';
import { raw } from '../raw.ts';
import { DATASET, type QueryCase, requestOf } from './query-cases.ts';

/** Everything that judges queries by one policy: the proxy, and the commands that run nothing. */
export interface AllWhoJudge {
  /** The judgement of `policy explain` on a query now; null if the warehouse does not price it. */
  rehearsed(queryCase: QueryCase): Promise<Rehearsal | null>;
  /** Sends the query to the proxy, and waits until it is settled. */
  ask(queryCase: QueryCase): Promise<void>;
  /** The records of priced queries, in order of time. */
  records(): Promise<readonly DecisionRecord[]>;
  /** The judgement of `policy replay` and `policy diff` on each query on record. */
  replayed(): Promise<readonly { readonly past: PastQuery; readonly now: ReplayVerdict | null }[]>;
  /** Their summary: the number of queries for each kind of change. */
  changes(): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** A guardrail with these policy files, by name, in front of a warehouse. */
export async function allWhoJudge(
  upstream: string,
  policyFiles: Readonly<Record<string, string>>,
): Promise<AllWhoJudge> {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-agreement-'));
  for (const [name, text] of Object.entries(policyFiles)) await writeFile(join(folder, name), text);
  const url = `sqlite:${join(folder, 'l.db')}`;
  const guardrail = await startGuardrail(
    settings({ upstream, ledger: url, policies: folder, token_info_url: '' }),
    pino({ level: 'silent' }),
  );
  const ledger = await openLedger(url);
  const policy = await loadPolicy(folder);
  const replay = () => ({
    candidate: policy,
    fromMs: 0,
    toMs: Date.now() + 1,
    asOfMs: Date.now(),
    withBudgets: true,
    onProgress: () => undefined,
  });

  async function areSettled(): Promise<boolean> {
    const open = ledger.read.selectFrom('reservations').select('decision_id').where('state', '=', 'open');
    return (await open.execute()).length === 0;
  }

  return {
    async rehearsed(queryCase) {
      const flags = flagsOf(queryCase, upstream);
      const query = await explainedOf(queryCase, flags);
      if (query === null) return null;
      return rehearse(policy, query, { ...(await fromWarehouse(flags)), ...fromLedger(ledger) });
    },
    async ask(queryCase) {
      const { path, body } = requestOf(queryCase);
      const authorization = `Bearer sandbox:${queryCase.principal}`;
      await raw(guardrail.proxyUrl, 'POST', path, body, { authorization });
      while (!(await areSettled())) await sleep(5);
    },
    async records() {
      const records = (await all(readRecords(ledger.read, replay()))).flat();
      return records.filter(({ estimate }) => estimate !== null);
    },
    replayed: () => all(rejudgedQueries(ledger.read, replay())),
    async changes() {
      const { changes } = await replayRecords(ledger.read, replay());
      return Object.values(changes).map(({ all }) => all.queries);
    },
    async close() {
      await ledger.close();
      await guardrail.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The query as flags of `policy explain`. */
function flagsOf({ principal, person, dashboard, project }: QueryCase, endpoint: string) {
  return {
    endpoint,
    token: `sandbox:${principal}`,
    project,
    dataset: DATASET,
    ...(person === null ? {} : { person }),
    ...(dashboard === null ? {} : { dashboard }),
    ...(person === null && dashboard === null ? {} : { tool: 'grafana' }),
  };
}

async function explainedOf({ sql }: QueryCase, flags: ReturnType<typeof flagsOf>) {
  try {
    return (await explainedQuery(sql, null, flags)).query;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('The warehouse rejects the query')) return null;
    throw error;
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const gathered: T[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}
