import { expect, test } from 'vitest';
import { startTraffic, type TrafficOptions } from '../../src/sandbox/traffic/traffic.ts';
import type { Visit, VisitQuery } from '../../src/sandbox/traffic/visits.ts';
import { eventually, useHouse } from './guardrail.ts';

// Enough messages that a week of them is billed less than all.
const house = useHouse({ sandbox: { messages: 300_000 } });

const card: VisitQuery = {
  sql: 'SELECT COUNT(subject) AS n FROM atendimento.tickets',
  dashboardId: '1',
  cardId: '2',
};
const runaway: VisitQuery = { sql: 'SELECT * FROM atendimento.messages', dashboardId: null, cardId: null };

function visit(changes: Partial<Visit> = {}): Visit {
  return {
    asker: { tool: 'metabase', vertical: 'Atendimento', userId: 12 },
    questions: [card],
    whenRefused: 'leave it',
    waitMs: 0,
    ...changes,
  };
}

function* over(visits: readonly Visit[]): Generator<Visit> {
  yield* visits;
}

const errors: unknown[] = [];

function start(visits: readonly Visit[], changes: Partial<TrafficOptions> = {}) {
  return startTraffic({
    proxyUrl: house.guardrail().proxyUrl,
    visits: over(visits),
    allowance: { firstBytes: 1n << 40n, bytesPerHour: 0n },
    onError: (error) => errors.push(error),
    ...changes,
  });
}

async function decisionsOf(person: string) {
  const { decisions } = await house.ops('/api/v1/decisions?limit=1000');
  return decisions.filter(({ caller }: { caller: { person: string } }) => caller.person === person).reverse();
}

test('a simulated person who is offered a rewrite of a refused query sends the rewrite', async () => {
  const traffic = start([visit({ questions: [runaway], whenRefused: 'take the offer' })]);

  await eventually(async () => expect(await decisionsOf('12')).toHaveLength(2));

  await traffic.stop();
  const [refused, taken] = await decisionsOf('12');
  expect(refused).toMatchObject({ outcome: 'refused', cause: 'no-star-over-messages' });
  expect(taken).toMatchObject({ outcome: 'admitted', caller: { team: 'atendimento', tool: 'metabase' } });
  const { rewrites } = await house.ops(`/api/v1/decisions/${refused.id}`);
  expect(rewrites.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).toContain(
    taken.reading.fingerprint,
  );
});

test('simulated dbt creates a job and waits for it', async () => {
  const asker = { tool: 'dbt', principal: 'dbt@dados.guardrail-demo.example' } as const;
  const traffic = start([visit({ asker })]);

  await eventually(async () => {
    const { decisions } = await house.ops('/api/v1/decisions?team=dados');
    expect(decisions).toMatchObject([{ caller: { tool: 'dbt' }, settlement: { errorReason: null } }]);
  });

  await traffic.stop();
});

test('a simulated account that has used its allowance sends no more queries', async () => {
  const asker = { tool: 'metabase', vertical: 'FinOps', userId: 5 } as const;
  const different = ['a', 'b'].map((text) => ({
    ...card,
    sql: `SELECT '${text}', name FROM finops.fund_managers`,
  }));
  const traffic = start(
    [
      ...different.map((question) => visit({ asker, questions: [question] })),
      visit({ asker: { tool: 'metabase', vertical: 'Atendimento', userId: 99 } }),
    ],
    { allowance: { firstBytes: 1n, bytesPerHour: 0n } },
  );

  await eventually(async () => expect(await decisionsOf('99')).toHaveLength(1));

  await traffic.stop();
  expect(await decisionsOf('5')).toHaveLength(1);
});

test('stopped traffic sends no more queries, and those already sent are answered', async () => {
  const traffic = start([
    visit({ asker: { tool: 'metabase', vertical: 'Atendimento', userId: 77 } }),
    visit(),
  ]);

  await traffic.stop();

  const [sent, ...more] = await decisionsOf('77');
  expect(more).toEqual([]);
  expect(sent).toMatchObject({ outcome: 'admitted' });
  expect(errors).toEqual([]);
});
