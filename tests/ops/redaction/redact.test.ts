import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { GrantRequest } from '../../../src/books/grants/grant-requests.ts';
import type { Grant } from '../../../src/budget/grants.ts';
import { redactionFor } from '../../../src/ops/redaction/redact.ts';

const ANA = 'ana@example.com';
const request: GrantRequest = {
  ...{
    id: 'r1',
    budget: 'persons-day',
    account: 'metabase:ana',
    unit: 'bytes',
    amount: 1n,
    reason: 'because',
  },
  ...{ askedFor: ANA, askedBy: 'bia', atMs: 1, expiresAtMs: 2, answer: null },
};
const grant: Grant = {
  ...{ id: 'g1', budget: 'persons-day', account: '', unit: 'bytes', amount: 1n, reason: 'because' },
  ...{ grantedTo: ANA, grantedBy: 'rui', createdAtMs: 1, expiresAtMs: 2, revoked: null },
};
const viewer = redactionFor({ name: 'bia', role: 'viewer' }, (name) =>
  createHash('sha256').update(name).digest('hex'),
);

describe('a viewer who writes a name into a request, to learn whose pseudonym is whose,', () => {
  test('reads another pseudonym than that of the person', () => {
    const { askedFor } = viewer.grantRequest(request, undefined);

    expect(askedFor).not.toContain(ANA);
    expect(askedFor).not.toBe(viewer.person(ANA));
  });

  test('reads another pseudonym than that of the account', () => {
    const { account } = viewer.grantRequest(request, undefined);

    expect(account).not.toContain('ana');
    expect(account).not.toBe(viewer.grant({ ...grant, account: 'metabase:ana' }, undefined).account);
  });

  test('reads another pseudonym than that of the person when the request has been granted', () => {
    const { grantedTo } = viewer.grant(grant, null);

    expect(grantedTo).not.toContain(ANA);
    expect(grantedTo).not.toBe(viewer.person(ANA));
  });
});
