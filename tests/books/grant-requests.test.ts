import { describe, expect, test } from 'vitest';
import { createGrantRequests, type WantedGrant } from '../../src/books/grant-requests.ts';
import { createGrants } from '../../src/books/grants.ts';
import { sealNow } from '../../src/records/seal.ts';
import { HOUR_MS, noon } from '../budget/builders.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { verified } from '../records/journal-builders.ts';

const wanted: WantedGrant = {
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
  return { ledger, requests: createGrantRequests({ ledger }), grants: createGrants({ ledger }) };
}

describe('a request for a grant', () => {
  test('waits until it is answered, and is then a grant from that instant on', async () => {
    const { requests, grants } = await opened();
    const { id } = await requests.ask(wanted);
    expect(await requests.list({ nowMs: noon + 1, all: false })).toEqual([{ ...wanted, id, answer: null }]);

    const grant = await requests.grant(id, 'ana', noon + 10);

    expect(grant).toMatchObject({ amount: 500n, grantedBy: 'ana', grantedTo: 'Bia', createdAtMs: noon + 10 });
    expect(await grants.list({ nowMs: noon + 11, all: false })).toEqual([grant]);
    expect(await requests.list({ nowMs: noon + 11, all: false })).toEqual([]);
    expect(await requests.list({ nowMs: noon + 11, all: true })).toEqual([
      { ...wanted, id, answer: { by: 'ana', atMs: noon + 10, grantId: grant?.id } },
    ]);
  });

  test('is answered once, whoever answers at the same time, and grants at most once', async () => {
    const { requests, grants } = await opened();
    const { id } = await requests.ask(wanted);

    const answers = await Promise.all([
      requests.grant(id, 'ana', noon + 1),
      requests.grant(id, 'rui', noon + 1),
      requests.decline(id, 'eva', noon + 1),
    ]);

    expect(answers.filter((answer) => answer !== null && answer !== false)).toHaveLength(1);
    const given = await grants.list({ nowMs: noon + 2, all: true });
    expect(given.length).toBe(answers[2] ? 0 : 1);
  });

  test('that was declined, is over, or was never made is granted to nobody', async () => {
    const { requests, grants } = await opened();
    const { id } = await requests.ask(wanted);
    const late = await requests.ask(wanted);
    await requests.decline(id, 'ana', noon + 1);

    const answers = [
      await requests.grant(id, 'ana', noon + 2),
      await requests.grant(late.id, 'ana', noon + HOUR_MS),
      await requests.grant('nobody', 'ana', noon + 2),
    ];

    expect(answers).toEqual([null, null, null]);
    expect(await grants.list({ nowMs: noon, all: true })).toEqual([]);
  });

  test('is in the journal with its answer, where a change of it is found', async () => {
    const { ledger, requests } = await opened();
    const { id } = await requests.ask(wanted);
    await requests.grant(id, 'ana', noon + 1);
    await sealNow(ledger);
    const { all: before } = await verified(ledger);

    await ledger.write((db) => db.updateTable('grant_requests').set({ amount: 5n }).execute());
    const { all: after } = await verified(ledger);

    expect(before).toEqual([]);
    expect(after).toEqual([{ finding: 'entry altered', kind: 'grant request', id }]);
  });
});
