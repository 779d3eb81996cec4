import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { explainedQuery } from '../../../src/commands/policy/explain-query.ts';
import { fromLedger, fromWarehouse } from '../../../src/commands/policy/explain-surroundings.ts';
import { rejudgedQueries, replayRecords } from '../../../src/commands/policy/replay-run.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { loadPolicy } from '../../../src/policy/load.ts';
import type { DecisionRecord } from '../../../src/records/decision-record.ts';
import { readRecords } from '../../../src/records/export/read.ts';
import { type Rehearsal, rehearse } from '../../../src/rehearsal/rehearse.ts';
import type { PastQuery, ReplayVerdict } from '../../../src/replay/outcomes.ts';
import { startGuardrail } from '../../../src/service/guardrail.ts';
import { settings } from '../guardrail.ts';
import { raw } from '../raw.ts';
import { type Asked, DATASET, requestOf } from './asked.ts';

/** All who judge queries by one policy: the guard, and those who run nothing. */
export interface AllWhoJudge {
  /** What `policy explain` says of a query, as things stand; null where the warehouse does not price it. */
  rehearsed(asked: Asked): Promise<Rehearsal | null>;
  /** Asks it of the guardrail, and waits until it is settled. */
  ask(asked: Asked): Promise<void>;
  /** What is on record of queries that were priced, in order of time. */
  records(): Promise<readonly DecisionRecord[]>;
  /** What `policy replay` and `policy diff` say of each query on record. */
  replayed(): Promise<readonly { readonly past: PastQuery; readonly now: ReplayVerdict | null }[]>;
  /** What these sum up: how many queries each change is of. */
  changes(): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** A guardrail with the policy files, given by name, before a warehouse. */
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
    async rehearsed(asked) {
      const flags = flagsOf(asked, upstream);
      const query = await askedOf(asked, flags);
      if (query === null) return null;
      return rehearse(policy, query, { ...(await fromWarehouse(flags)), ...fromLedger(ledger) });
    },
    async ask(asked) {
      const { path, body } = requestOf(asked);
      const authorization = `Bearer sandbox:${asked.principal}`;
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

/** The query as the flags of `policy explain` would name it. */
function flagsOf({ principal, person, dashboard, project }: Asked, endpoint: string) {
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

async function askedOf({ sql }: Asked, flags: ReturnType<typeof flagsOf>) {
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
