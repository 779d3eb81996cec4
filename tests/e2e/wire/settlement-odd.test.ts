import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../guardrail.ts';
import { balanceOf, decisionIdOf, expectSettled } from './books.ts';
import { exchange } from './exchange.ts';
import { useOddHouse } from './odd-house.ts';
import { ESTIMATED_BYTES, type OddAnswer, sendJson } from './odd-upstream.ts';
import { HERE, insert, query } from './requests.ts';

const EXPIRY_SECONDS = 1;
const house = useOddHouse({ settle_timeout: EXPIRY_SECONDS });

let jobs = 0;
let jobReference = { projectId: 'p', jobId: '', location: 'US' };
beforeEach(() => {
  jobs += 1;
  jobReference = { ...jobReference, jobId: `job_${jobs}` };
});

/** Answers requests that start a query with `start`, and requests for its job with `get`. */
function warehouse(start: OddAnswer, get: OddAnswer): OddAnswer {
  return (response, request, raw) => (request.method === 'POST' ? start : get)(response, request, raw);
}

const answering =
  (body: unknown, status = 200): OddAnswer =>
  (response) =>
    sendJson(response, body, status);

function running() {
  return { kind: 'bigquery#job', jobReference, status: { state: 'RUNNING' } };
}

function ended(query: object, others: object = {}) {
  return { ...running(), status: { state: 'DONE', ...others }, statistics: { query } };
}

function cancelled() {
  return ended({}, { errorResult: { reason: 'stopped' } });
}

async function ask(spec: ReturnType<typeof query>) {
  const before = await balanceOf(house);
  const answered = await exchange(house.guardrail().proxyUrl, spec);
  return { before, answered, id: decisionIdOf(answered) };
}

test('a failed job that was billed anyway is settled at its bytes billed, even above its reservation', async () => {
  const failed = ended({ totalBytesBilled: '31457280' }, { errorResult: { reason: 'resourcesExceeded' } });
  house.upstream().answer(warehouse(answering(running()), answering(failed)));

  const { before, id } = await ask(insert({ query: 'SELECT "failed and billed"' }));

  await expectSettled(house, id, before, {
    source: 'job',
    bytesBilled: '31457280',
    errorReason: 'resourcesExceeded',
  });
});

/** Answers the query with `answer`, and lists a job of its decision that was billed. */
function listing(answer: OddAnswer, errorResult?: object): OddAnswer {
  let decision = '';
  const job = () => ({
    ...ended({ totalBytesBilled: '31457280' }, { errorResult }),
    configuration: { labels: { guardrail_decision: decision } },
  });
  return warehouse(
    (response, request, raw) => {
      decision = /"guardrail_decision":"([^"]+)"/.exec(request.body)?.[1] ?? '';
      answer(response, request, raw);
    },
    (response, { target }) => sendJson(response, target.includes('/jobs?') ? { jobs: [job()] } : job()),
  );
}

test('a query whose client asked for an answer without the bytes billed is settled from its job', async () => {
  house.upstream().answer(listing(answering({ rows: [] })));

  const { before, id } = await ask(query({ query: 'SELECT "only rows"' }, '?fields=rows'));

  await expectSettled(house, id, before, { source: 'job', bytesBilled: '31457280' });
});

describe('a query that fails before its client has an answer', () => {
  const failing = (reason: string, status = 400) =>
    listing(answering({ error: { code: status, errors: [{ reason }] } }, status), { reason });

  test.each([
    ['invalidQuery', 400],
    ['accessDenied', 403],
    ['notFound', 404],
    ['duplicate', 409],
    ['conditionNotMet', 412],
  ])('is charged what its job was billed, if it is a script: %s', async (reason, status) => {
    house.upstream().answer(failing(reason, status));

    const { before, id } = await ask(query({ query: `SELECT "dear"; SELECT "then fails: ${reason}"` }));

    await expectSettled(house, id, before, { source: 'job', bytesBilled: '31457280', errorReason: reason });
  });

  test.each([
    ['jobs.query', query({ query: 'SELECT "a part"' }, '?fields=no(such,part)')],
    ['jobs.query by header', query({ query: 'SELECT "masked"' }, '', { 'x-goog-fieldmask': 'none' })],
    ['jobs.insert', insert({ query: 'SELECT "a part of a job"' }, {}, '?%24fields=none')],
  ])(
    'for the part of the answer that its client asked for is charged what its job was billed: %s',
    async (_by, spec) => {
      house.upstream().answer(failing('invalidParameter'));

      const { before, id } = await ask(spec);

      await expectSettled(house, id, before, { source: 'job', bytesBilled: '31457280' });
    },
  );

  test.each(['', '?fields=rows'])(
    'is charged nothing, if it is a single statement: %s',
    async (parameters) => {
      house.upstream().answer(failing('invalidQuery'));

      const { before, id } = await ask(query({ query: `SELECT ERROR("fails${parameters}")` }, parameters));

      await expectSettled(house, id, before, { source: 'not run', bytesBilled: '0' });
    },
  );

  test('by its cap is charged what its job was billed and is not sent again, if it is a script', async () => {
    const spec = query({ query: 'SELECT "first"; SELECT "then too much"' });
    const done = { jobReference, jobComplete: true, totalBytesBilled: '0' };
    house.upstream().answer(warehouse(answering(done), answering({}, 404)));
    const first = await ask(spec);
    await expectSettled(house, first.id, first.before, { source: 'response', bytesBilled: '0' });
    house.upstream().answer(failing('bytesBilledLimitExceeded'));
    const sent = () => house.upstream().reached.filter(({ method }) => method === 'POST').length;
    const sentBefore = sent();
    jobReference = { ...jobReference, jobId: `${jobReference.jobId}_again` };

    const { before, answered, id } = await ask(spec);

    expect([answered.status, sent() - sentBefore]).toEqual([400, 1]);
    await expectSettled(house, id, before, { source: 'job', bytesBilled: '31457280' });
  });
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('a query that its cap stops is sent again, if the error comes in %s', async (encoding, compressed) => {
  const body = JSON.stringify({ error: { code: 400, errors: [{ reason: 'bytesBilledLimitExceeded' }] } });
  const stopped: OddAnswer = (response) =>
    void response.writeHead(400, { 'content-encoding': encoding }).end(compressed(body));
  const done = answering({ jobReference, jobComplete: true, totalBytesBilled: '20971520' });
  const answers = [stopped, done];
  house.upstream().answer(warehouse((...to) => answers.shift()?.(...to), answering({}, 404)));

  const { before, answered, id } = await ask(query({ query: `SELECT "too much, in ${encoding}"` }));

  expect(answered.status).toBe(200);
  await expectSettled(house, id, before, { source: 'response', bytesBilled: '20971520' });
});

test('a job is still followed and settled after errors of the warehouse', async () => {
  const answers = [
    answering({}, 503),
    answering({}, 429),
    answering(running()),
    answering(ended({ totalBytesBilled: '10485760' })),
  ];
  const get: OddAnswer = (...args) => (answers.length > 1 ? answers.shift() : answers[0])?.(...args);
  house.upstream().answer(warehouse(answering(running()), get));

  const { before, id } = await ask(insert({ query: 'SELECT "told late"' }));

  await expectSettled(house, id, before, {
    source: 'job',
    bytesBilled: '10485760',
    jobId: `guardrail-demo:US.${jobReference.jobId}`,
  });
});

test('a job is not given up because its client keeps asking while the warehouse is in trouble', async () => {
  house.upstream().answer(warehouse(answering(running()), answering({}, 503)));
  const { before, id } = await ask(insert({ query: 'SELECT "during an outage"' }));
  const job = `${house.guardrail().proxyUrl}${HERE}/jobs/${jobReference.jobId}`;

  for (let times = 0; times < 30; times += 1) await fetch(job);
  house.upstream().answer(answering(ended({ totalBytesBilled: '20971520' })));

  await expectSettled(house, id, before, { source: 'job', bytesBilled: '20971520' });
});

test.each([
  ['whom the warehouse does not know', 401],
  ['who asks too often', 429],
  ['while the warehouse is in trouble', 503],
  ['that hangs up before there is an answer', null],
])('a client %s has no job looked at', async (_which, status) => {
  const get: OddAnswer = (response, { target }) => {
    if (target.includes('fields=')) sendJson(response, running());
    else if (status !== null) sendJson(response, {}, status);
  };
  house.upstream().answer(warehouse(answering(running()), get));
  const { before, id } = await ask(insert({ query: `SELECT "asked about in vain: ${status}"` }));
  const looks = () =>
    house.upstream().reached.filter(({ target }) => target.includes(`${jobReference.jobId}?fields=`)).length;

  const job = `${house.guardrail().proxyUrl}${HERE}/jobs/${jobReference.jobId}`;
  for (let times = 0; times < 20; times += 1) {
    const signal = status === null ? AbortSignal.timeout(30) : null;
    const seen = await fetch(job, { signal }).catch(() => null);
    expect(seen?.status ?? null).toBe(status);
  }

  // By itself, it is looked at now, and a quarter and three quarters of a second later.
  expect(looks()).toBeLessThan(5);
  house.upstream().answer(answering(ended({ totalBytesBilled: '20971520' })));
  await expectSettled(house, id, before, { source: 'job', bytesBilled: '20971520' });
});

test('a client that hangs up before it is shown a job has no say in how the job is asked about', async () => {
  const renewed = { authorization: 'Bearer renewed' };
  let hasEnded = false;
  const get: OddAnswer = (response, { rawHeaders, target }) => {
    const isRenewed = rawHeaders.includes(renewed.authorization);
    if (rawHeaders.includes('Bearer unknown') && !target.includes('fields=')) return;
    if (!hasEnded) sendJson(response, running());
    else if (isRenewed) sendJson(response, ended({ totalBytesBilled: '20971520' }));
    else sendJson(response, {}, 401);
  };
  house.upstream().answer(warehouse(answering(running()), get));
  const { before, id } = await ask(insert({ query: 'SELECT "asked about by a stranger"' }));
  const job = `${house.guardrail().proxyUrl}${HERE}/jobs/${jobReference.jobId}`;
  await fetch(job, { headers: renewed });

  const hungUp = fetch(job, {
    headers: { authorization: 'Bearer unknown' },
    signal: AbortSignal.timeout(100),
  });
  await expect(hungUp).rejects.toThrow();
  hasEnded = true;

  await expectSettled(house, id, before, { source: 'job', bytesBilled: '20971520' });
});

test.each([
  ['while that holds', 200],
  ['once that is refused', 401],
])(
  'a job that outlives the token that started it is settled with the one with which its client is shown it %s',
  async (when, status) => {
    const authorization = 'Bearer renewed';
    const done = ended({ totalBytesBilled: '20971520' });
    const polls: number[] = [];
    const renewed: OddAnswer = (response, { rawHeaders }) => {
      if (rawHeaders.includes(authorization)) return sendJson(response, done);
      polls.push(status);
      return sendJson(response, running(), status);
    };
    house.upstream().answer(warehouse(answering(running()), renewed));
    const { before, id } = await ask(insert({ query: `SELECT "for more than an hour, ${when}"` }));
    await expect.poll(() => polls.length).toBeGreaterThan(0);

    const job = `${house.guardrail().proxyUrl}${HERE}/jobs/${jobReference.jobId}`;
    await fetch(`${job}?access_token=another`, { headers: { authorization: 'Bearer not this one' } });
    await fetch(job, { headers: { authorization } });

    await expectSettled(house, id, before, { source: 'job', bytesBilled: '20971520' });
  },
);

test('a short query whose answer has no job is settled from its answer', async () => {
  const answer = {
    queryId: 'q_1',
    location: 'US',
    jobComplete: true,
    rows: [],
    totalBytesBilled: '10485760',
  };
  house.upstream().answer(warehouse(answering({ ...answer, totalBytesProcessed: '5' }), answering({}, 404)));

  const { before, id } = await ask(query({ query: 'SELECT 1', jobCreationMode: 'JOB_CREATION_OPTIONAL' }));

  await expectSettled(house, id, before, { source: 'response', bytesBilled: '10485760', jobId: null });
});

test('a query in a session is settled from its answer where slots have no price', async () => {
  const answer = { jobReference, jobComplete: true, totalBytesBilled: '10485760' };
  house.upstream().answer(warehouse(answering(answer), answering({}, 404)));
  const connectionProperties = [{ key: 'session_id', value: 's' }];

  const { before, id } = await ask(query({ query: 'SELECT "in a session"', connectionProperties }));

  await expectSettled(house, id, before, { source: 'response', bytesBilled: '10485760' });
});

test('an answer from the cache that names no bytes costs nothing', async () => {
  house
    .upstream()
    .answer(warehouse(answering({ jobReference, jobComplete: true, cacheHit: true }), answering({}, 404)));

  const { before, id } = await ask(query({ query: 'SELECT "cached"' }));

  await expectSettled(house, id, before, { source: 'response', bytesBilled: '0', cacheHit: true });
});

test.each([
  ['as it began', { startTime: '1764489600000' }],
  ['without a beginning', {}],
])(
  'a job that was cancelled while it waited, and says nothing about bytes, costs nothing: it ended %s',
  async (how, began) => {
    const statistics = { endTime: '1764489600000', ...began };
    house.upstream().answer(warehouse(answering(running()), answering({ ...cancelled(), statistics })));

    const { before, id } = await ask(insert({ query: `SELECT "cancelled ${how}"` }));

    await expectSettled(house, id, before, { source: 'job', bytesBilled: '0', errorReason: 'stopped' });
  },
);

test('a job is not taken for one that never began because its client asked for no beginning', async () => {
  const endTime = '1764489600001';
  const part = { ...cancelled(), statistics: { endTime } };
  const whole = { endTime, startTime: '1764489600000', query: { totalBytesBilled: '10485760' } };
  house.upstream().answer(warehouse(answering(part), answering({ ...part, statistics: whole })));

  const { before, id } = await ask(insert({ query: 'SELECT "a part of a cancelled job"' }));

  await expectSettled(house, id, before, { source: 'job', bytesBilled: '10485760' });
});

describe('a query whose end cannot be learned stays reserved until settle_timeout, and is then charged in full, since', () => {
  test.each<[string, () => OddAnswer, OddAnswer]>([
    ['the token has expired', () => answering(running()), answering({ error: { code: 401 } }, 401)],
    ['the job may not be read', () => answering(running()), answering({ error: { code: 403 } }, 403)],
    ['the job is not known', () => answering(running()), answering({ error: { code: 404 } }, 404)],
    [
      'the warehouse failed, and lists no job',
      () => answering({ error: { code: 503 } }, 503),
      answering({ jobs: [] }),
    ],
    [
      'its job was cancelled, and says nothing about bytes',
      () => answering(running()),
      (response) => sendJson(response, cancelled()),
    ],
    ['the answer names no job and no bytes', () => answering({ jobComplete: true }), answering({ jobs: [] })],
    [
      'the connection broke',
      () => (response) => void response.socket?.resetAndDestroy(),
      answering({ jobs: [] }),
    ],
  ])('%s', async (why, start, get) => {
    house.upstream().answer(warehouse(start(), get));
    const { before, id: answered } = await ask(query({ query: `SELECT "${why}"` }));
    const id = answered || (await house.ops('/api/v1/decisions?limit=1')).decisions[0].id;
    const reserved = BigInt(ESTIMATED_BYTES);

    expect(await balanceOf(house)).toEqual({ used: before.used, reserved: before.reserved + reserved });
    await eventually(async () => {
      await house.restart();
      expect((await house.ops(`/api/v1/decisions/${id}`)).settlement).not.toBeNull();
    });

    expect((await house.ops(`/api/v1/decisions/${id}`)).settlement).toMatchObject({
      source: 'assumed',
      bytesBilled: ESTIMATED_BYTES,
      jobId: null,
    });
    expect(await balanceOf(house)).toEqual({ used: before.used + reserved, reserved: before.reserved });
  });
});
