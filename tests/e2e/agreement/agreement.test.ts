import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';
import { type AllWhoJudge, allWhoJudge } from './house.ts';
import { type Judgement, judgementOfGuard, judgementOfRehearsal, judgementOfReplay } from './judges.ts';
import { BY_BACKGROUND, everyKind, TRUSTED_CAP } from './policy.ts';
import { type QueryCase, queriesOfEveryKind, queriesOfTheSandbox } from './query-cases.ts';
import { sizingWarehouse } from './sizing-warehouse.ts';

/** The judgement on each priced query, by its SQL, which is unique. */
type Judgements = ReadonlyMap<string, Judgement>;

interface Judged {
  readonly guarded: Judgements;
  readonly rehearsed: Judgements;
  readonly replayed: Judgements;
  /** The SQL of queries that guardrail priced at the cap of a trusted team, where a rehearsal asks the warehouse. */
  readonly pricedAtCap: ReadonlySet<string>;
}

/** Budgets that the demo's queries exhaust. */
const TIGHT_BUDGETS = `version: 1
budgets:
  - { name: atendimento-tight, team: atendimento, per: person, window: day, limit: 80 MiB }
  - { name: dados-tight, team: dados, window: day, limit: 20 MiB, when_exceeded: { only: [legacy-table] } }
  - { name: finops-tight, team: finops, window: month, limit: 0.001 BRL }
`;

test('policy explain, policy replay and the proxy judge the same queries alike, under a policy of every kind', async () => {
  const { url } = await sizingWarehouse();

  await fc.assert(
    fc.asyncProperty(queriesOfEveryKind, async (queries) => {
      const all = await allWhoJudge(url, { 'a.yaml': everyKind(Date.now()) });
      await allAgreeOn(queries, all).finally(all.close);
    }),
    { numRuns: 3, endOnFailure: true },
  );
}, 180_000);

test('policy explain, policy replay and the proxy judge the same queries alike, under the example policies', async () => {
  const sandbox = await startSandbox({ port: 0, messages: 20_000 });
  onTestFinished(() => sandbox.close());
  const policies = { ...(await filesIn('policies')), 'tight.yaml': TIGHT_BUDGETS };

  await fc.assert(
    fc.asyncProperty(queriesOfTheSandbox, async (queries) => {
      const all = await allWhoJudge(sandbox.url, policies);
      await allAgreeOn(queries, all).finally(all.close);
    }),
    { numRuns: 1, endOnFailure: true },
  );
}, 180_000);

async function filesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml'));
  const files = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(files));
}

async function allAgreeOn(queries: readonly QueryCase[], all: AllWhoJudge): Promise<void> {
  const { guarded, rehearsed, replayed, pricedAtCap } = await judgementsOf(queries, all);

  const bySql = queries.filter(({ only }) => only === null);
  const priced = bySql.filter(({ sql }) => !pricedAtCap.has(sql));
  expect(judgementsOn(priced, rehearsed)).toEqual(judgementsOn(priced, guarded));
  expect(refusalsOf(bySql, rehearsed)).toEqual(refusalsOf(bySql, guarded));

  const onRecord = queries.filter((query) => !mayLeaveSlotsUnrecorded(query));
  expect(withoutBackground(judgementsOn(onRecord, replayed))).toEqual(
    withoutBackground(judgementsOn(onRecord, guarded)),
  );
  expect(refusalsOf(queries, replayed)).toEqual(refusalsOf(queries, guarded));
  expect(await all.changes()).toEqual([0, 0, 0, 0]);
}

/** Sends the queries one after the other, each rehearsed just before. */
async function judgementsOf(queries: readonly QueryCase[], all: AllWhoJudge): Promise<Judged> {
  const rehearsed = new Map<string, Judgement>();
  for (const queryCase of queries) {
    const rehearsal = await all.rehearsed(queryCase);
    if (rehearsal !== null) rehearsed.set(queryCase.sql, judgementOfRehearsal(rehearsal));
    await all.ask(queryCase);
  }
  const records = await all.records();
  const capped = records.filter(({ estimate }) => estimate?.bytesBilled === TRUSTED_CAP);
  const replayed = (await all.replayed()).flatMap(({ past, now }) =>
    now === null ? [] : [[past.sql, judgementOfReplay(now)] as const],
  );
  return {
    guarded: new Map(records.map((record) => [record.sql, judgementOfGuard(record)])),
    rehearsed,
    replayed: new Map(replayed),
    pricedAtCap: new Set(capped.map(({ sql }) => sql)),
  };
}

function judgementsOn(queries: readonly QueryCase[], judgements: Judgements) {
  return queries.map(({ sql }) => ({ sql, judgement: judgements.get(sql) }));
}

/** By its request, or by an earlier query of its session. */
function mayLeaveSlotsUnrecorded({ only, project }: QueryCase): boolean {
  return project.startsWith('slots') && (only === 'reservation' || only === 'session');
}

function refusalsOf(queries: readonly QueryCase[], judgements: Judgements) {
  return queries.map(({ sql }) => ({ sql, refusedBy: judgements.get(sql)?.refusedBy }));
}

/** Leaves out rules about facts that no record holds, which a replay judges as unknown. */
function withoutBackground(judged: ReturnType<typeof judgementsOn>) {
  return judged.map(({ sql, judgement }) => ({
    sql,
    judgement: judgement && {
      ...judgement,
      hits: judgement.hits.filter(({ rule }) => !BY_BACKGROUND.has(rule)),
    },
  }));
}
