import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Guardrail, startGuardrail } from '../../../src/service/guardrail.ts';
import { eventually, PROJECT, settings } from '../guardrail.ts';
import { begin, exchange } from '../wire/exchange.ts';
import { query } from '../wire/requests.ts';
import { anySql, ask, BILLED, metricOf, opsAt, standing } from './asking.ts';
import { FAULTS, type FaultName, type FaultyWarehouse, startFaultyWarehouse } from './faulty-warehouse.ts';
import { readableLog } from './log-lines.ts';

let folder = '';
let warehouse: FaultyWarehouse;
let guardrail: Guardrail;
const { lines, log } = readableLog();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guardrail-faults-'));
  warehouse = await startFaultyWarehouse();
  guardrail = await startGuardrail(
    settings({
      upstream: warehouse.url,
      ledger: `sqlite:${join(folder, 'ledger.db')}`,
      token_info_url: '',
      // A machine busy with other tests may take a second for a healthy dry run.
      dry_run_timeout: 3,
    }),
    log,
  );
});
afterAll(async () => {
  await warehouse?.close();
  await guardrail?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => {
  warehouse.failDryRuns(null);
  warehouse.failQueries(null);
});

const day = () => standing(guardrail, 'atendimento-day');
const newest = async () => (await opsAt(guardrail.opsUrl, '/api/v1/decisions?limit=1')).decisions[0];
const errorsAt = async (stage: string) =>
  (await metricOf(guardrail, 'guardrail_upstream_errors_total', `stage="${stage}"`)) ?? 0;

/** The next query passes and is charged: no trace of the fault is left. */
async function expectHealed(): Promise<void> {
  warehouse.failDryRuns(null);
  warehouse.failQueries(null);
  const before = await day();
  expect((await ask(guardrail)).status).toBe(200);
  await eventually(async () => expect(await day()).toEqual({ ...before, used: before.used + BILLED }));
}

describe('a dry run that', () => {
  /** The message that guardrail itself answers. */
  const OWN = 'so the query could not be priced and was not run';
  const outcomes: Record<
    Exclude<FaultName, 'is slow'>,
    { status: number; message: string; cause: string }
  > = {
    'hangs before it answers': { status: 503, message: OWN, cause: 'unreachable' },
    'hangs in the middle of its answer': { status: 503, message: OWN, cause: 'unreachable' },
    'resets the connection before it answers': { status: 503, message: OWN, cause: 'unreachable' },
    'resets the connection in the middle of its answer': { status: 503, message: OWN, cause: 'unreachable' },
    'answers 429': { status: 429, message: 'the warehouse says 429', cause: 'rateLimitExceeded' },
    'answers 500': { status: 500, message: 'the warehouse says 500', cause: 'internalError' },
    'answers 503': { status: 503, message: 'the warehouse says 503', cause: 'backendError' },
    'answers HTML instead of JSON': { status: 503, message: OWN, cause: 'unreachable' },
    'answers half of its JSON': { status: 503, message: OWN, cause: 'unreachable' },
    'answers with an empty body': { status: 503, message: OWN, cause: 'unreachable' },
    'sends a content-length that is too large': { status: 503, message: OWN, cause: 'unreachable' },
    'sends a content-length that is too small': { status: 503, message: OWN, cause: 'unreachable' },
    'breaks off a chunked answer': { status: 503, message: OWN, cause: 'unreachable' },
  };

  test.each(Object.entries(outcomes))('%s: the query is not run and costs nothing', async (name, outcome) => {
    const [before, errors, queries] = [await day(), await errorsAt('dry run'), warehouse.received.queries];
    lines.length = 0;
    warehouse.failDryRuns(FAULTS[name as FaultName]);

    const { status, body } = await ask(guardrail);

    expect(status).toBe(outcome.status);
    expect(body.error.message).toContain(outcome.message);
    expect(warehouse.received.queries).toBe(queries);
    expect(await day()).toEqual(before);
    expect(await newest()).toMatchObject({ outcome: 'failed', cause: outcome.cause, settlement: null });
    // Too many requests are the client's own problem.
    const isWarehouse = status !== 429;
    expect((await errorsAt('dry run')) - errors).toBe(isWarehouse ? 1 : 0);
    expect(lines.map(({ msg }) => msg)).toEqual(isWarehouse ? ['a query could not be priced'] : []);
    await expectHealed();
  });

  test('is slow: the query waits for it, and runs', async () => {
    warehouse.failDryRuns(FAULTS['is slow']);

    expect((await ask(guardrail)).status).toBe(200);
  });

  test('hangs: queries priced a moment ago still run', async () => {
    const sql = anySql();
    expect((await ask(guardrail, sql)).status).toBe(200);
    warehouse.failDryRuns(FAULTS['hangs before it answers']);

    expect((await ask(guardrail, sql)).status).toBe(200);
  });

  test('is the client’s own, and hangs: it waits until the client leaves', async () => {
    warehouse.failDryRuns(FAULTS['hangs before it answers']);
    const patience = new AbortController();
    const asking = exchange(guardrail.proxyUrl, {
      ...query({ query: anySql(), dryRun: true }),
      signal: patience.signal,
    });
    const given = asking.catch((error: Error) => error.name);
    await eventually(async () => expect(warehouse.waiting()).toBe(1));

    patience.abort();

    expect(await given).toBe('AbortError');
    await eventually(async () => expect(warehouse.waiting()).toBe(0));
  });
});

describe('a warehouse that prices the query, and then', () => {
  /** Waits until the newest decision is settled as expected. */
  async function expectSettled(
    expected: object,
    before: { used: bigint; reserved: bigint },
    billed = BILLED,
  ) {
    await eventually(async () => {
      expect((await newest()).settlement).toMatchObject({ bytesBilled: String(billed), ...expected });
      expect(await day()).toEqual({ ...before, used: before.used + billed });
    });
  }

  type Ending = { status: number; complete: boolean; source: 'response' | 'job' | 'not run' };
  const outcomes: Record<Exclude<FaultName, `hangs ${string}`>, Ending> = {
    'is slow': { status: 200, complete: true, source: 'response' },
    'resets the connection before it answers': { status: 503, complete: true, source: 'job' },
    'resets the connection in the middle of its answer': { status: 200, complete: false, source: 'job' },
    'answers 429': { status: 429, complete: true, source: 'not run' },
    'answers 500': { status: 500, complete: true, source: 'job' },
    'answers 503': { status: 503, complete: true, source: 'job' },
    'answers HTML instead of JSON': { status: 200, complete: true, source: 'job' },
    'answers half of its JSON': { status: 200, complete: true, source: 'job' },
    'answers with an empty body': { status: 200, complete: true, source: 'job' },
    'sends a content-length that is too large': { status: 200, complete: false, source: 'response' },
    'sends a content-length that is too small': { status: 200, complete: true, source: 'job' },
    'breaks off a chunked answer': { status: 200, complete: false, source: 'job' },
  };

  test.each(Object.entries(outcomes))(
    '%s: the query is charged if it ran, and only then',
    async (name, outcome) => {
      const [before, errors] = [await day(), await errorsAt('forward')];
      const isUnreached = name === 'resets the connection before it answers';
      lines.length = 0;
      warehouse.failQueries(FAULTS[name as FaultName], outcome.source !== 'not run');

      const answered = await exchange(guardrail.proxyUrl, query({ query: anySql() }));

      expect(answered.status).toBe(outcome.status);
      expect(answered.complete).toBe(outcome.complete);
      await expectSettled({ source: outcome.source }, before, outcome.source === 'not run' ? 0n : BILLED);
      const anyError = outcome.status >= 500 ? [{}] : [];
      const logged = isUnreached ? [{ code: 'ECONNRESET', neverSent: false }] : anyError;
      expect((await errorsAt('forward')) - errors).toBe(logged.length);
      expect(lines).toMatchObject(
        logged.map((line) => ({ msg: 'the warehouse failed at a query', ...line })),
      );
      await expectHealed();
    },
  );

  test.each(['hangs before it answers', 'hangs in the middle of its answer'] as const)(
    '%s: the client may wait as long as it likes, and the query is charged when it leaves',
    async (name) => {
      const [before, errors] = [await day(), await errorsAt('forward')];
      warehouse.failQueries(FAULTS[name]);
      const patience = new AbortController();
      const asking = begin(guardrail.proxyUrl, { ...query({ query: anySql() }), signal: patience.signal });
      const head = asking
        .then(({ answer }) => answer.on('error', () => undefined).statusCode)
        .catch(() => null);
      await eventually(async () => expect(warehouse.waiting()).toBe(1));
      expect(await day()).toEqual({ ...before, reserved: before.reserved + BILLED });

      patience.abort();

      expect(await head).toBe(name === 'hangs before it answers' ? null : 200);
      await eventually(async () => expect(warehouse.waiting()).toBe(0));
      await expectSettled({ source: 'job' }, before);
      // It was the client that left.
      expect(await errorsAt('forward')).toBe(errors);
      await expectHealed();
    },
  );

  test('breaks off an error answer: the client’s answer breaks off too, and nothing is charged', async () => {
    const [before, internal] = [await day(), await errorsAt('internal')];
    warehouse.failQueries((response, socket) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.write('{"error": {"code": 400', () => setTimeout(() => socket.resetAndDestroy(), 50));
    }, false);

    const answered = await exchange(guardrail.proxyUrl, query({ query: anySql() })).catch(() => null);

    expect(answered?.complete ?? false).toBe(false);
    await expectSettled({ source: 'not run' }, before, 0n);
    expect(await errorsAt('internal')).toBe(internal);
    await expectHealed();
  });

  // Last, since its reservation stays: nothing that may have run is ever released.
  test('resets the connection without a trace of a job: its reservation stays, since it may have run', async () => {
    const before = await day();
    warehouse.failQueries(FAULTS['resets the connection before it answers'], false);

    const { status, body } = await ask(guardrail);

    expect(status).toBe(503);
    expect(body.error).toMatchObject({
      errors: [{ reason: 'backendError' }],
      message: 'The warehouse could not be reached. Try again.',
    });
    await expectHealed();
    expect(await day()).toEqual({ used: before.used + BILLED, reserved: before.reserved + BILLED });
    expect((await opsAt(guardrail.opsUrl, `/api/v1/decisions?limit=2`)).decisions[1].settlement).toBeNull();
  });
});

test('a warehouse that fails in every way leaves no request open', async () => {
  await eventually(async () => expect(warehouse.waiting()).toBe(0));
  const passed = await fetch(`${guardrail.proxyUrl}/bigquery/v2/projects/${PROJECT}/jobs`);
  expect(passed.status).toBe(200);
});
