import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';
import { type Asked, queriesOfEveryKind, queriesOfTheSandbox } from './asked.ts';
import { type AllWhoJudge, allWhoJudge } from './house.ts';
import { type Saying, sayingOfGuard, sayingOfRehearsal, sayingOfReplay } from './judges.ts';
import { BY_BACKGROUND, everyKind, TRUSTED_CAP } from './policy.ts';
import { sizingWarehouse } from './sizing-warehouse.ts';

/** What is said of each query that was priced, by its SQL, which no two have in common. */
type Sayings = ReadonlyMap<string, Saying>;

interface Said {
  readonly guarded: Sayings;
  readonly rehearsed: Sayings;
  readonly replayed: Sayings;
  /** Of which the guard took the cap of a trusted team for the price, where a rehearsal asks the warehouse. */
  readonly takenForTheirCap: ReadonlySet<string>;
}

/** Some that the demo's queries exhaust. */
const TIGHT_BUDGETS = `version: 1
budgets:
  - { name: atendimento-tight, team: atendimento, per: person, window: day, limit: 80 MiB }
  - { name: dados-tight, team: dados, window: day, limit: 20 MiB, when_exceeded: { only: [legacy-table] } }
  - { name: finops-tight, team: finops, window: month, limit: 0.001 BRL }
`;

test('whoever judges a query without running it says of it what the guard says', async () => {
  const { url } = await sizingWarehouse();

  await fc.assert(
    fc.asyncProperty(queriesOfEveryKind, async (queries) => {
      const all = await allWhoJudge(url, { 'a.yaml': everyKind(Date.now()) });
      await allAgreeOn(queries, all).finally(all.close);
    }),
    { numRuns: 3, endOnFailure: true },
  );
}, 180_000);

test('and so it is with the example policies over the sandbox', async () => {
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

async function allAgreeOn(queries: readonly Asked[], all: AllWhoJudge): Promise<void> {
  const { guarded, rehearsed, replayed, takenForTheirCap } = await whatIsSaid(queries, all);

  const bySql = queries.filter(({ only }) => only === null);
  const priced = bySql.filter(({ sql }) => !takenForTheirCap.has(sql));
  expect(sayingsOn(priced, rehearsed)).toEqual(sayingsOn(priced, guarded));
  expect(refusalsOf(bySql, rehearsed)).toEqual(refusalsOf(bySql, guarded));

  const onRecord = queries.filter((query) => !mayLeaveSlotsUnrecorded(query));
  expect(withoutBackground(sayingsOn(onRecord, replayed))).toEqual(
    withoutBackground(sayingsOn(onRecord, guarded)),
  );
  expect(refusalsOf(queries, replayed)).toEqual(refusalsOf(queries, guarded));
  expect(await all.changes()).toEqual([0, 0, 0, 0]);
}

/** Asks one after the other, each rehearsed as things stand before it. */
async function whatIsSaid(queries: readonly Asked[], all: AllWhoJudge): Promise<Said> {
  const rehearsed = new Map<string, Saying>();
  for (const asked of queries) {
    const rehearsal = await all.rehearsed(asked);
    if (rehearsal !== null) rehearsed.set(asked.sql, sayingOfRehearsal(rehearsal));
    await all.ask(asked);
  }
  const records = await all.records();
  const capped = records.filter(({ estimate }) => estimate?.bytesBilled === TRUSTED_CAP);
  const replayed = (await all.replayed()).flatMap(({ past, now }) =>
    now === null ? [] : [[past.sql, sayingOfReplay(now)] as const],
  );
  return {
    guarded: new Map(records.map((record) => [record.sql, sayingOfGuard(record)])),
    rehearsed,
    replayed: new Map(replayed),
    takenForTheirCap: new Set(capped.map(({ sql }) => sql)),
  };
}

function sayingsOn(queries: readonly Asked[], sayings: Sayings) {
  return queries.map(({ sql }) => ({ sql, saying: sayings.get(sql) }));
}

/** By its request, or by an earlier query of its session. */
function mayLeaveSlotsUnrecorded({ only, project }: Asked): boolean {
  return project.startsWith('slots') && (only === 'reservation' || only === 'session');
}

function refusalsOf(queries: readonly Asked[], sayings: Sayings) {
  return queries.map(({ sql }) => ({ sql, refusedBy: sayings.get(sql)?.refusedBy }));
}

/** Rules that ask for what no record holds are judged as where that is not known. */
function withoutBackground(said: ReturnType<typeof sayingsOn>) {
  return said.map(({ sql, saying }) => ({
    sql,
    saying: saying && { ...saying, hits: saying.hits.filter(({ rule }) => !BY_BACKGROUND.has(rule)) },
  }));
}
