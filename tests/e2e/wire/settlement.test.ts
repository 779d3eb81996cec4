import { expect, test } from 'vitest';
import { PROJECT, useHouse } from '../guardrail.ts';
import { balanceOf, decisionIdOf, expectSettled } from './books.ts';
import { exchange, type RequestSpec, textOf } from './exchange.ts';
import { HERE, insert, query } from './requests.ts';

const house = useHouse({ sandbox: { messages: 10_000 } });

/** A query that runs for seconds, never from the cache; with fewer agents, proportionally shorter. */
const slow = (mark: number, agents = 240) =>
  `SELECT COUNT(*) AS n FROM atendimento.tickets AS a CROSS JOIN atendimento.tickets AS b CROSS JOIN atendimento.agents AS c WHERE a.subject < b.channel AND a.ticket_id <> ${mark} AND c.agent_id <= ${agents}`;

const ask = (spec: RequestSpec) => exchange(house.guardrail().proxyUrl, spec);
const jsonOf = async (spec: RequestSpec) => JSON.parse(textOf(await ask(spec)));

/** What the warehouse itself reports that a job was billed, once it has ended. */
async function billedBy(jobId: string): Promise<{ bytesBilled: string; jobId: string }> {
  for (;;) {
    const [{ status, statistics, id }] = await house.direct().job(jobId, { location: 'US' }).getMetadata();
    if (status.state === 'DONE') return { bytesBilled: statistics.query.totalBytesBilled, jobId: id };
  }
}

test('a query that completes at once is settled from its answer', async () => {
  const before = await balanceOf(house);

  const answered = await ask(query({ query: 'SELECT subject FROM atendimento.tickets' }));

  const { totalBytesBilled, jobReference } = JSON.parse(textOf(answered));
  expect(BigInt(totalBytesBilled)).toBeGreaterThan(0n);
  await expectSettled(house, decisionIdOf(answered), before, {
    source: 'response',
    bytesBilled: totalBytesBilled,
    jobId: `${PROJECT}:US.${jobReference.jobId}`,
    cacheHit: false,
    errorReason: null,
  });
});

test('a query whose result is polled is settled once, from its job', async () => {
  const before = await balanceOf(house);

  const answered = await ask(query({ query: slow(1, 40), timeoutMs: 1 }));
  const started = JSON.parse(textOf(answered));
  let polled = { jobComplete: false, rows: [] };
  while (!polled.jobComplete) {
    polled = await jsonOf({
      method: 'GET',
      target: `${HERE}/queries/${started.jobReference.jobId}?timeoutMs=300`,
    });
  }

  expect(started.jobComplete).toBe(false);
  expect(polled.rows).toHaveLength(1);
  await expectSettled(house, decisionIdOf(answered), before, {
    source: 'job',
    ...(await billedBy(started.jobReference.jobId)),
  });
});

test('a query whose client never polls its result is settled from its job', async () => {
  const before = await balanceOf(house);

  const answered = await ask(query({ query: slow(2, 40), timeoutMs: 1 }));

  const { jobReference, jobComplete } = JSON.parse(textOf(answered));
  expect(jobComplete).toBe(false);
  await house.direct().job(jobReference.jobId, { location: 'US' }).getQueryResults();
  await expectSettled(house, decisionIdOf(answered), before, {
    source: 'job',
    ...(await billedBy(jobReference.jobId)),
  });
});

test('a job that is started and never polled is settled without the client', async () => {
  const before = await balanceOf(house);

  const answered = await ask(insert({ query: slow(3, 40) }));

  const { jobReference } = JSON.parse(textOf(answered));
  await house.direct().job(jobReference.jobId, { location: 'US' }).getQueryResults();
  await expectSettled(house, decisionIdOf(answered), before, {
    source: 'job',
    ...(await billedBy(jobReference.jobId)),
  });
});

test('a job that its client cancels is settled at the bytes it was billed', async () => {
  const before = await balanceOf(house);
  const answered = await ask(insert({ query: slow(4) }));
  const { jobReference } = JSON.parse(textOf(answered));

  const cancelled = await ask({ method: 'POST', target: `${HERE}/jobs/${jobReference.jobId}/cancel` });

  expect(cancelled.status).toBe(200);
  await expectSettled(house, decisionIdOf(answered), before, {
    source: 'job',
    errorReason: 'stopped',
    ...(await billedBy(jobReference.jobId)),
  });
});

test('a query cancelled while its client waits is settled at the bytes it was billed', async () => {
  const before = await balanceOf(house);
  const asking = ask(query({ query: slow(5) }));
  const jobId = await runningJob();

  await ask({ method: 'POST', target: `${HERE}/jobs/${jobId}/cancel` });
  const answered = await asking;

  expect(answered.status).toBe(499);
  await expectSettled(house, decisionIdOf(answered), before, {
    source: 'job',
    errorReason: 'stopped',
    ...(await billedBy(jobId)),
  });
});

async function runningJob(): Promise<string> {
  for (;;) {
    const { jobs } = await jsonOf({ method: 'GET', target: `${HERE}/jobs?stateFilter=running` });
    if (jobs.length > 0) return jobs[0].jobReference.jobId;
  }
}

test('a query that fails while it runs costs nothing', async () => {
  const before = await balanceOf(house);

  const answered = await ask(query({ query: 'SELECT CAST(subject AS INT64) AS n FROM atendimento.tickets' }));

  expect(answered.status).toBe(400);
  await expectSettled(house, decisionIdOf(answered), before, { source: 'not run', bytesBilled: '0' });
});

test('a job that fails while it runs and is not billed costs nothing', async () => {
  const before = await balanceOf(house);

  const answered = await ask(
    insert({ query: 'SELECT CAST(channel AS INT64) AS n FROM atendimento.tickets' }),
  );

  await expectSettled(house, decisionIdOf(answered), before, {
    source: 'job',
    bytesBilled: '0',
    errorReason: 'invalidQuery',
  });
});

test('a result from the cache costs nothing, by jobs.query or jobs.insert', async () => {
  const cached = { query: 'SELECT priority FROM atendimento.tickets', useQueryCache: true };
  await ask(query(cached));
  const first = await ask(query(cached));
  expect(JSON.parse(textOf(first)).cacheHit).toBe(true);
  const before = await settledBalance(decisionIdOf(first));

  const queried = await ask(query(cached));
  const inserted = await ask(insert(cached));

  await expectSettled(house, decisionIdOf(queried), before, {
    source: 'response',
    bytesBilled: '0',
    cacheHit: true,
  });
  await expectSettled(house, decisionIdOf(inserted), before, { bytesBilled: '0', cacheHit: true });
});

/** The balance once a decision, and all before it, are settled. */
async function settledBalance(id: string) {
  let before = await balanceOf(house);
  for (;;) {
    const { settlement } = await house.ops(`/api/v1/decisions/${id}`);
    before = await balanceOf(house);
    if (settlement !== null && before.reserved === 0n) return before;
  }
}
