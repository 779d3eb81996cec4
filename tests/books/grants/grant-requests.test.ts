import { describe, expect, test } from 'vitest';
import {
  createGrantRequests,
  type GrantRequest,
  type NewGrantRequest,
} from '../../../src/books/grants/grant-requests.ts';
import { createGrants } from '../../../src/books/grants/grants.ts';
import { MAX_IN_TOTAL, MAX_PER_PERSON } from '../../../src/books/grants/request-limits.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { HOUR_MS, noon } from '../../budget/builders.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { verified } from '../../records/journal/journal-builders.ts';

const newRequest: NewGrantRequest = {
  budget: 'atendimento-dia',
  account: '',
  unit: 'bytes',
  amount: 500n,
  reason: 'month end',
  askedBy: null,
  askedFor: 'Bia',
  atMs: noon,
  expiresAtMs: noon + HOUR_MS,
};

async function opened() {
  const ledger = await freshLedger();
  const requests = createGrantRequests({ ledger });
  return {
    ledger,
    requests,
    grants: createGrants({ ledger }),
    /** Files a request that has to be accepted. */
    async file(changes: Partial<NewGrantRequest> = {}): Promise<GrantRequest> {
      const filed = await requests.ask({ ...newRequest, ...changes });
      return 'problem' in filed ? expect.unreachable(filed.error) : filed;
    },
    listed: async (nowMs: number, all = false) => (await requests.list({ nowMs, all, limit: 50 })).requests,
  };
}

describe('a request for a grant', () => {
  test('waits until it is answered, and then becomes a grant from that moment on', async () => {
    const { requests, grants, file, listed } = await opened();
    const { id } = await file();
    expect(await listed(noon + 1)).toEqual([{ ...newRequest, id, answer: null }]);
    expect(await listed(noon + HOUR_MS)).toEqual([]);

    const grant = await requests.grant(id, 'ana', noon + 10);

    expect(grant).toMatchObject({ amount: 500n, grantedBy: 'ana', grantedTo: 'Bia', createdAtMs: noon + 10 });
    expect((await grants.list({ nowMs: noon + 11, all: false, limit: 50 })).grants).toEqual([grant]);
    expect(await listed(noon + 11)).toEqual([]);
    expect(await listed(noon + 11, true)).toEqual([
      { ...newRequest, id, answer: { by: 'ana', atMs: noon + 10, grantId: grant?.id } },
    ]);
  });

  test('is listed page by page, newest first, also when several were filed in the same millisecond', async () => {
    const { requests, file } = await opened();
    const filed = [await file({ atMs: noon - 1 }), ...(await Promise.all([file(), file(), file()]))];
    const page = { nowMs: noon, all: false, limit: 2 };

    const first = await requests.list(page);
    const last = await requests.get(first.requests.at(-1)?.id ?? '');
    const second = await requests.list(last === null ? page : { ...page, after: last });

    expect([first.more, second.more]).toEqual([true, false]);
    const ids = [...first.requests, ...second.requests].map(({ id }) => id);
    expect(ids.toSorted()).toEqual(filed.map(({ id }) => id).toSorted());
    expect(ids.at(-1)).toBe(filed[0]?.id);
    expect(await requests.get('none')).toBeNull();
  });

  test('is among the closed ones for a while after its answer or its end, whenever and after how many it was made', async () => {
    const { requests, file } = await opened();
    const asked = async (reason: string, more: Partial<NewGrantRequest> = {}) =>
      (await file({ reason, askedFor: reason, expiresAtMs: noon + 1000, ...more })).id;
    const at = (ms: number) => noon + ms;
    await requests.decline(await asked('answered long ago'), 'ana', at(10));
    await asked('expired long ago', { expiresAtMs: at(10) });
    await asked('expired', { expiresAtMs: at(80) });
    await requests.grant(await asked('answered', { atMs: noon - HOUR_MS }), 'ana', at(90));
    await requests.decline(
      await asked('answered, and expired since', { expiresAtMs: at(95) }),
      'ana',
      at(70),
    );
    await asked('open');

    const closed = async (limit: number) =>
      (await requests.closed({ afterMs: at(10), nowMs: at(100), limit })).map(({ reason }) => reason);
    expect(await closed(10)).toEqual(['answered', 'expired', 'answered, and expired since']);
    expect(await closed(2)).toEqual(['answered', 'expired']);
  });

  test('is answered once and granted at most once when several operators answer together', async () => {
    const { requests, grants, file } = await opened();
    const { id } = await file();

    const answers = await Promise.all([
      requests.grant(id, 'ana', noon + 1),
      requests.grant(id, 'rui', noon + 1),
      requests.decline(id, 'eva', noon + 1),
    ]);

    expect(answers.filter((answer) => answer !== null && answer !== false)).toHaveLength(1);
    const { grants: given } = await grants.list({ nowMs: noon + 2, all: true, limit: 50 });
    expect(given.length).toBe(answers[2] ? 0 : 1);
  });

  test('is not granted once it was declined or has expired, or if it never existed', async () => {
    const { requests, grants, file } = await opened();
    const { id } = await file();
    const late = await file();
    await requests.decline(id, 'ana', noon + 1);

    const answers = [
      await requests.grant(id, 'ana', noon + 2),
      await requests.grant(late.id, 'ana', noon + HOUR_MS),
      await requests.grant('nobody', 'ana', noon + 2),
    ];

    expect(answers).toEqual([null, null, null]);
    expect(await requests.decline('nobody', 'ana', noon + 2)).toBe(false);
    expect((await grants.list({ nowMs: noon, all: true, limit: 50 })).grants).toEqual([]);
  });

  test('is in the journal with its answer, so that a later change to it is detected', async () => {
    const { ledger, requests, file } = await opened();
    const { id } = await file();
    await requests.grant(id, 'ana', noon + 1);
    // The first seal would enter by itself whatever is missing.
    const entered = await ledger.read.selectFrom('journal').select('kind').orderBy('kind').execute();
    expect(entered.map(({ kind }) => kind)).toEqual(['grant', 'grant answer', 'grant request']);
    await sealNow(ledger);
    const { all: before } = await verified(ledger);

    await ledger.write((db) => db.updateTable('grant_requests').set({ amount: 5n }).execute());
    const { all: after } = await verified(ledger);

    expect(before).toEqual([]);
    expect(after).toEqual([{ finding: 'entry altered', kind: 'grant request', id }]);
  });
});

describe('unanswered grant requests', () => {
  const times = (count: number) => Array.from({ length: count }, (_none, i) => i);

  test('are limited per person until one of them is answered', async () => {
    const { requests, file } = await opened();
    const filed: GrantRequest[] = [];
    for (const i of times(MAX_PER_PERSON)) filed.push(await file({ askedBy: 'vera', atMs: noon + i }));

    const refused = await requests.ask({ ...newRequest, askedBy: 'vera', atMs: noon + 100 });

    expect(refused).toEqual({
      problem: 'too many of one',
      error: '20 requests of yours have no answer yet: ask an operator to answer them first',
    });
    await file({ askedBy: 'bia', atMs: noon + 101 });
    await requests.decline(filed[0]?.id ?? '', 'ana', noon + 102);
    await file({ askedBy: 'vera', atMs: noon + 103 });
  });

  test('are limited in total, whoever asks', async () => {
    const { ledger, requests, file } = await opened();
    const persons = times(MAX_IN_TOTAL / MAX_PER_PERSON);
    for (const person of persons)
      for (const _ of times(MAX_PER_PERSON)) await file({ askedBy: `p${person}` });

    const refused = await requests.ask({ ...newRequest, askedBy: 'one more' });

    expect(refused).toMatchObject({ problem: 'too many of all', error: expect.stringMatching(/^200 /) });
    expect(await ledger.read.selectFrom('grant_requests').select('id').execute()).toHaveLength(200);
  });

  test('count for a day even when they expire sooner, and no longer', async () => {
    const { requests, file } = await opened();
    const brief = (atMs: number) => ({ askedBy: 'vera', atMs, expiresAtMs: atMs + 1 });
    for (const i of times(MAX_PER_PERSON)) await file(brief(noon + 10 * i));

    const soon = await requests.ask({ ...newRequest, ...brief(noon + HOUR_MS) });

    expect(soon).toMatchObject({ problem: 'too many of one' });
    await file(brief(noon + 25 * HOUR_MS));
  });
});

test('a list of grant requests holds the newest and says whether there are older ones', async () => {
  const { requests, file } = await opened();
  for (const i of [0, 1, 2]) await file({ atMs: noon + i });

  const lists = await Promise.all([2, 3].map((limit) => requests.list({ nowMs: noon, all: true, limit })));

  expect(lists.map(({ requests: listed, more }) => [listed.map(({ atMs }) => atMs - noon), more])).toEqual([
    [[2, 1], true],
    [[2, 1, 0], false],
  ]);
});
