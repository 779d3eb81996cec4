import type { IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import type { Books } from '../../../src/books/books.ts';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import type { FoundJob, JobFinder } from '../../../src/proxy/jobs/find-job.ts';
import { type JobOutcome, readOutcome } from '../../../src/proxy/jobs/job-outcome.ts';
import type { Admitted } from '../../../src/proxy/passage.ts';
import { accountId } from '../../../src/proxy/places.ts';
import { createRepeats } from '../../../src/proxy/repeats.ts';
import type { Stages } from '../../../src/proxy/stages.ts';
import { type Aftermath, settle } from '../../../src/proxy/steps/settle.ts';
import { UNTRACED } from '../../../src/tracing/tracing.ts';
import type { Coverage } from '../../../src/vocabulary/budget.ts';
import { onDemandTariff, slotTariff } from '../../../src/vocabulary/pricing.ts';
import { atOnce, pricing } from '../../budget/builders.ts';
import { asker } from '../../estimate/builders.ts';
import { estimateOf, settlement } from '../../records/builders.ts';
import { queryIn } from '../request/job/job-requests.ts';

const prices = { byLocation: new Map(), otherwise: 60_000n };
const onSlots = {
  ...pricing,
  editions: { covers: () => true, microsPerSlotHour: prices, unknownSlotMs: 0n },
};

const place: Coverage = { budget: atOnce(1n), account: '' };

/** A query with a request ID that was admitted to the only place of a budget, under its exact and fresh estimate. */
function admitted(id: string, changes: object = {}): Admitted {
  return {
    id,
    cap: 1000n,
    reserved: { bytesBilled: 1000n },
    job: queryIn('jobs.query', { query: 'SELECT 1', requestId: 'r' }),
    sql: 'SELECT 1',
    asker: asker('ana'),
    team: { name: 'atendimento' },
    atMs: 1,
    coverages: [place],
    estimate: estimateOf(['tickets']),
    estimateSource: 'dry run',
    models: 'none',
    slotMs: 0n,
    tariff: onDemandTariff({ location: 'US', models: 'none' }, pricing),
    policy: { pricing },
    trace: UNTRACED,
    ...changes,
  } as unknown as Admitted;
}

interface World {
  /** The job that the warehouse lists for the query; a promise while it is being looked for. */
  readonly listed?: FoundJob | 'none' | null | Promise<never>;
  /** What that job came to; null if the warehouse no longer says, `unseen` while it says so to no known credential. */
  readonly outcome?: JobOutcome | null | 'unseen';
  /** How many wait for the place. */
  readonly waiting?: number;
}

/** What a query of which this is known came to, and how the warehouse, the line and the estimates were told. */
async function settledIn(
  { listed = 'none', outcome = readOutcome(new Map()), waiting = 0 }: World,
  query: Admitted,
  aftermath: Aftermath,
) {
  const findJob = vi.fn<JobFinder>(async () => listed);
  const enter = vi.fn<Books['settle']>(async () => settlement());
  const giveBackPlaces = vi.fn<Books['giveBackPlaces']>(async () => undefined);
  const abandon = vi.fn<Books['abandon']>(async () => undefined);
  const [toldTooLittle, released] = [vi.fn(), vi.fn()];
  const follow = async (_job: unknown, onUnseen: () => void) => {
    if (outcome !== 'unseen') return outcome;
    onUnseen();
    return new Promise(() => undefined);
  };
  await settle(query, aftermath, {
    findJob,
    jobs: { follow },
    books: { settle: enter, giveBackPlaces, abandon },
    estimates: { toldTooLittle },
    turnstile: { waiting: () => new Map(waiting === 0 ? [] : [[accountId(place), waiting]]), released },
    thresholds: { look: () => undefined },
    feed: { publishSettlement: () => undefined },
    metrics: createMetrics(),
  } as unknown as Stages);
  // What settles it in the background waits for nothing here but turns of its own.
  await nextTurn();
  const [entered, options] = enter.mock.calls[0] ?? [];
  return {
    looked: findJob.mock.calls.map(([{ decisionId, isRepeat }]) => ({ decisionId, isRepeat })),
    source: entered?.source ?? 'reserved',
    jobId: entered?.jobId,
    isAwaited: options?.isAwaited,
    toldTooLittle: toldTooLittle.mock.calls.length,
    placesGivenBack: giveBackPlaces.mock.calls.length,
    nextInLineTold: released.mock.calls.flat(),
    abandoned: abandon.mock.calls.flat(),
  };
}

const own = admitted('own');
const script = admitted('own', { estimate: { ...estimateOf(['tickets']), statementType: 'SCRIPT' } });

const sent = { id: 'own', cap: 1000n };
const unheardOf: Aftermath = { kind: 'unheard of', sent };

const answered = (statusCode: number): Aftermath => {
  const head = { statusCode } as IncomingMessage;
  return { kind: 'answered', answer: { head, body: head }, sent, mayBeAboutPart: false };
};

test.each([
  ['own', 'own', false],
  ['first', 'again', true],
])(
  'a lost job is looked for by the label that was sent, "%s", even once that is forgotten',
  async (label, id, isRepeat) => {
    const repeats = createRepeats(1);
    repeats.sameAsBefore(admitted(label));
    const query = admitted(id);
    const sent = repeats.sameAsBefore(query);
    repeats.forget(query);

    const { looked } = await settledIn({ listed: null }, query, { kind: 'unheard of', sent });

    expect(looked).toEqual([{ decisionId: label, isRepeat }]);
  },
);

describe('a script that was answered with an error, and of which no job is listed,', () => {
  test.each([
    ['costs nothing, since it failed', 400, 1, 'not run'],
    [
      'costs nothing, and its job is not looked for, as the warehouse does not know its caller',
      401,
      0,
      'not run',
    ],
    ['costs nothing, and its job is not looked for, as the warehouse is asked too often', 429, 0, 'not run'],
    ['stays reserved, since it was cancelled and may be listed later', 499, 1, 'reserved'],
    ['stays reserved, since the warehouse failed', 500, 1, 'reserved'],
  ])('%s: %i', async (_what, status, looks, source) => {
    const settled = await settledIn({}, script, answered(status));

    expect(settled).toMatchObject({ source });
    expect(settled.looked).toHaveLength(looks);
  });
});

describe('the job of a query that was answered with an error', () => {
  const bySlots = { tariff: slotTariff('US', onSlots) };
  const inserted = {
    ...script,
    job: queryIn('jobs.insert', { configuration: { query: { query: 'SELECT 1' } } }),
  };

  test.each([
    ['is looked for where slots are paid for, since it may have used some', admitted('own', bySlots), 1],
    ['is not looked for where bytes are, since a statement that fails is billed none', own, 0],
    ['is not looked for after jobs.insert, which answers so only before it begins', inserted, 0],
  ])('%s', async (_what, query, looks) => {
    const { looked } = await settledIn({}, query, answered(400));

    expect(looked).toHaveLength(looks);
  });
});

test('a script that was answered with an error stays reserved if its job could not be looked for', async () => {
  expect(await settledIn({ listed: null }, script, answered(400))).toMatchObject({ source: 'reserved' });
});

describe('the place of a query', () => {
  const sought = new Promise<never>(() => undefined);
  const found = { jobId: 'job_1', location: 'US' };

  test.each<[string, World, Admitted, Aftermath]>([
    ['while its job is looked for, since the warehouse failed', { listed: sought }, own, answered(503)],
    ['while its job is looked for, since it has failed', { listed: sought }, script, answered(400)],
    ['once its job is not found', { listed: 'none' }, own, unheardOf],
    ['once its job could not be looked for', { listed: null }, own, unheardOf],
    ['once the warehouse no longer tells of its job', { listed: found, outcome: null }, own, unheardOf],
    ['while nobody is shown its job', { listed: found, outcome: 'unseen' }, own, unheardOf],
  ])(
    'goes to the next in line %s, and what it may cost stays reserved',
    async (_when, world, query, aftermath) => {
      expect(await settledIn(world, query, aftermath)).toMatchObject({
        source: 'reserved',
        placesGivenBack: 1,
        nextInLineTold: [accountId(place)],
      });
    },
  );

  test.each([
    ['it was cancelled', answered(499)],
    ['nothing was heard of it', unheardOf],
  ])('stays taken while its job is looked for, if %s: it may still run', async (_why, aftermath) => {
    expect(await settledIn({ listed: sought }, own, aftermath)).toMatchObject({
      placesGivenBack: 0,
      nextInLineTold: [],
    });
  });

  test('goes to the next in line with its settlement', async () => {
    expect(await settledIn({}, own, { kind: 'not run', errorReason: null })).toMatchObject({
      source: 'not run',
      placesGivenBack: 0,
      nextInLineTold: [accountId(place)],
    });
  });
});

describe('a job is left to be looked for at the principal’s next query', () => {
  const found = { jobId: 'job_1', location: 'US' };

  test.each<[string, World, readonly string[]]>([
    ['if it could not be looked for', { listed: null }, ['own']],
    ['if the warehouse no longer tells of it', { listed: found, outcome: null }, ['own']],
    ['but not while it is followed, though nobody is shown it', { listed: found, outcome: 'unseen' }, []],
    ['but not if there is none', { listed: 'none' }, []],
    ['but not if it does not tell what was billed', { listed: found }, []],
  ])('%s', async (_when, world, decisionIds) => {
    expect((await settledIn(world, own, unheardOf)).abandoned).toEqual(decisionIds);
  });
});

describe('an estimate is said to tell too little', () => {
  const stoppedBy = (reason: string): World => ({
    listed: { jobId: 'job_1', location: 'US' },
    outcome: readOutcome(
      new Map([
        ['status.state', 'DONE'],
        ['status.errorResult.reason', reason],
      ]),
    ),
  });

  test.each([
    ['once the cap has stopped its query', {}, 1],
    ['not where it was remembered, as it may be out of date', { estimateSource: 'cache' }, 0],
    ['not where the cap was a lower one, of a rule or the client', { cap: 999n }, 0],
    [
      'not where nobody took it for the most',
      { estimate: { ...estimateOf(['tickets']), accuracy: 'LOWER_BOUND' } },
      0,
    ],
  ])('%s', async (_when, changes, times) => {
    const world = stoppedBy('bytesBilledLimitExceeded');

    const { source, toldTooLittle } = await settledIn(world, admitted('own', changes), unheardOf);

    expect([source, toldTooLittle]).toEqual(['job', times]);
  });

  test('not where its query failed for another reason', async () => {
    const { source, toldTooLittle } = await settledIn(stoppedBy('resourcesExceeded'), own, unheardOf);

    expect([source, toldTooLittle]).toEqual(['job', 0]);
  });
});

test.each([
  ['was listed without one', null, 'US'],
  ['does not repeat it', 'US', undefined],
])('a settlement names the location of a job that %s', async (_how, location, told) => {
  const world: World = {
    listed: { jobId: 'job_1', location },
    outcome: readOutcome(
      new Map([
        ['status.state', 'DONE'],
        ['statistics.query.totalBytesBilled', '10'],
        ...(told === undefined ? [] : [['jobReference.location', told] as const]),
      ]),
    ),
  };

  expect(await settledIn(world, own, unheardOf)).toMatchObject({ jobId: 'guardrail-demo:US.job_1' });
});

describe('a settlement is written', () => {
  const ended: World = {
    listed: { jobId: 'job_1', location: 'US' },
    outcome: readOutcome(
      new Map([
        ['jobComplete', 'true'],
        ['totalBytesBilled', '10'],
      ]),
    ),
  };

  test.each<[string, World, Aftermath, boolean]>([
    ['at once for a query that did not run', {}, { kind: 'not run', errorReason: null }, true],
    ['at once if a query waits for the place', { ...ended, waiting: 1 }, unheardOf, true],
    ['with others later if nobody waits', ended, unheardOf, false],
  ])('%s', async (_when, world, aftermath, isAwaited) => {
    expect(await settledIn(world, own, aftermath)).toMatchObject({ isAwaited });
  });
});
