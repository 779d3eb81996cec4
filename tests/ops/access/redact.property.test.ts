import { createHmac, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KeptRewrite } from '../../../src/advice/kept-rewrites.ts';
import type { RequestedGrant } from '../../../src/books/grant-requests.ts';
import type { Grant } from '../../../src/budget/budgets.ts';
import type { CatalogTable } from '../../../src/catalog/report.ts';
import { createPseudonyms } from '../../../src/ops/access/pseudonyms.ts';
import { type Redaction, redactionFor } from '../../../src/ops/access/redact.ts';
import { jsonOf } from '../../../src/ops/json.ts';
import { shownRequest } from '../../../src/ops/shown-request.ts';
import { policyError } from '../../../src/policy/errors.ts';
import type { Reconciliation } from '../../../src/reconciliation/kept-reconciliations.ts';
import type { DecisionRecord } from '../../../src/records/records.ts';
import { type SpendRow, spendKeys } from '../../../src/records/spend-query.ts';
import { balance, budget, notice } from '../../notices/builders.ts';
import { decision, settlement } from '../../records/builders.ts';
import { ANA, accessSettings, RUI } from './builders.ts';

const pseudonymOf = createPseudonyms(accessSettings());
const viewers = redactionFor({ name: 'bia', role: 'viewer' }, pseudonymOf);
const analysts = redactionFor({ name: 'rui', role: 'analyst' }, pseudonymOf);

/** What is to be kept from viewers. The letters are in nothing else that is shown, nor in a pseudonym. */
interface Secrets {
  readonly sql: string;
  readonly person: string;
  readonly address: string;
}

const secret = fc.stringMatching(/^zq[ghjkxyz]{8,12}$/);
const secrets: fc.Arbitrary<Secrets> = fc.record({
  sql: secret.map((word) => `SELECT '${word}' FROM t`),
  person: secret,
  address: secret.map((word) => `${word}@example.com`),
});

const source = { file: 'policies/atendimento.yaml', line: 3, column: 5 };

/** A decision with the secrets wherever a decision has room for them. */
function decisionWith({ sql, person, address }: Secrets): DecisionRecord {
  const plain = decision();
  return {
    ...plain,
    caller: { ...plain.caller, principal: address, person, dashboard: `of ${address}`, card: `${address}` },
    sql,
    reading: { ...plain.reading, unreadReason: `cannot read ${sql}` },
    estimate: plain.estimate && { ...plain.estimate, principal: address },
    outcome: 'refused',
    cause: `refused to ${address}`,
    hits: [
      {
        rule: 'sem-particao',
        mode: 'audit',
        message: `${person}, ${address}: not ${sql}`,
        source,
        eased: { by: 'exemption', wouldBe: 'deny', owner: person, reason: sql, until: '2026-12-31', source },
      },
    ],
    settlement: settlement(),
  };
}

function rewriteWith({ sql }: Secrets): KeptRewrite {
  return {
    changes: [{ kind: 'partition-filter', shows: sql }],
    sql,
    result: 'changed',
    bytesBilled: 1n,
    savedOver: 'run',
    savedBytes: 1n,
    savedCost: { currency: 'USD', micros: 1n },
    passes: true,
    fingerprint: '0123456789abcdef',
  };
}

function grantWith({ person, sql }: Secrets): Grant {
  return {
    id: 'grant-1',
    budget: 'atendimento-dia',
    account: `metabase:${person}`,
    unit: 'BRL',
    amount: 1n,
    reason: `for ${person}: ${sql}`,
    grantedBy: person,
    grantedTo: person,
    createdAtMs: 1,
    expiresAtMs: 2,
    revoked: { by: person, atMs: 2 },
  };
}

function tableWith({ address }: Secrets): CatalogTable {
  return {
    table: 'shop.support.messages',
    status: 'legacy',
    inCatalog: true,
    owner: address,
    replacement: null,
    readAs: 'table',
    queries: 1,
    lastReadMs: 1,
    teams: [],
    persons: 1,
    principals: 1,
    dashboards: [{ tool: 'metabase', dashboard: `of ${address}`, queries: 1 }],
    columns: { named: [], allQueries: 0, untoldQueries: 0, unused: null },
  };
}

function requestWith(kept: Secrets): RequestedGrant {
  const { grantedBy: _by, grantedTo: _to, createdAtMs: _at, revoked: _revoked, ...wanted } = grantWith(kept);
  return { ...wanted, askedBy: kept.person, askedFor: kept.person, atMs: 1, answer: null };
}

function reconciliationWith({ person }: Secrets): Reconciliation {
  return {
    id: 'reconciliation-1',
    atMs: 1,
    fromMs: 0,
    toMs: 1,
    balanced: true,
    ledgerBytes: 1n,
    warehouseBytes: 1n,
    unguardedJobs: 0,
    unguardedBytes: 0n,
    missingJobs: 0,
    missingBytes: 0n,
    corrections: 1,
    reason: `as ${person} said`,
    writtenBy: person,
  };
}

function spendWith({ person, address }: Secrets): SpendRow {
  const named = { person, principal: address, card: `${address}`, dashboard: `of ${address}` };
  return {
    keys: spendKeys.map((key) => (key in named ? named[key as keyof typeof named] : 'x')),
    currency: 'USD',
    queries: 1,
    bytesBilled: 1n,
    freeBytes: 0n,
    costMicros: 1n,
    slotMs: 0n,
    sharedQueries: 0,
    sharedBytesBilled: 0n,
    sharedCostMicros: 0n,
  };
}

/** Everything that leaves the port, with the secrets wherever there is room for them. */
function everythingShown(redaction: Redaction, kept: Secrets): string {
  const { person, address, sql } = kept;
  const subject = { person, principal: address, dashboard: `of ${address}`, card: address };
  const forPerson = budget({ name: 'atendimento-dia', subject, per: 'person' });
  const forPrincipal = budget({ per: 'principal' });
  const told = { ...notice(), subject };
  const recorded = { id: 'notice-1', toldAtMs: null, attempts: 0, deliveries: [] };
  return jsonOf([
    redaction.decision(decisionWith(kept)),
    redaction.rewrite(rewriteWith(kept)),
    redaction.budget(forPerson),
    redaction.balance(balance({ budget: forPerson, account: `metabase:${person}` })),
    redaction.balance(balance({ budget: forPrincipal, account: address })),
    redaction.grant(grantWith(kept), 'person'),
    redaction.grant(grantWith(kept), undefined),
    redaction.notice({ ...recorded, notice: { ...told, per: 'person', account: `metabase:${person}` } }),
    redaction.notice({ ...recorded, notice: { ...told, per: 'principal', account: address } }),
    redaction.spend(spendWith(kept), spendKeys),
    redaction.reconciliation(reconciliationWith(kept)),
    redaction.exempted({ person: `metabase:${person}`, principal: address, card: `metabase:${address}` }),
    redaction.table(tableWith(kept)),
    shownRequest(requestWith(kept), redaction, [forPerson]),
    shownRequest(requestWith(kept), redaction, []),
    redaction.policyError(policyError(source, `"${person}" is not ${address}`, sql)),
    redaction.sql(sql),
    redaction.person(person),
    redaction.principal(address),
    redaction.text(`made by ${address}`),
  ]);
}

function tellTale({ sql, person, address }: Secrets): readonly string[] {
  return [sql.slice(8, 18), person, address.replace('@example.com', '')];
}

describe('a viewer', () => {
  test('is shown no SQL and no person, wherever they stand', () => {
    fc.assert(
      fc.property(secrets, (kept) => {
        const shown = everythingShown(viewers, kept);
        for (const word of tellTale(kept)) expect(shown).not.toContain(word);
      }),
    );
  });

  test('is told that SQL is withheld, and shown what is no secret', () => {
    const shown = viewers.decision({ ...decision(), settlement: null });

    expect(shown).toMatchObject({
      sql: null,
      withheld: 'shown to analysts and operators only',
      caller: {
        principal: 'metabase-atendimento@guardrail-demo.iam.gserviceaccount.com',
        person: expect.stringMatching(/^person-[0-9a-f]{8}$/),
        dashboard: '3',
        card: '7',
      },
      hits: [{ rule: 'sem-particao', mode: 'warn', message: null }],
      maximumBytesBilled: 1000n,
    });
  });

  test('is shown one person under one name, in whatever place', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (person) => {
        const row = viewers.spend({ ...spendWith({ sql: '', address: '', person }), keys: [person] }, [
          'person',
        ]);
        const of = viewers.balance(
          balance({ budget: budget({ per: 'person' }), account: `metabase:${person}` }),
        );
        const { caller } = viewers.decision({
          ...decision({ caller: { ...decision().caller, person } }),
          settlement: null,
        });

        const exempted = viewers.exempted({ person: `metabase:${person}` });
        const perPerson = budget({ name: 'atendimento-dia', per: 'person' });
        const request = shownRequest(requestWith({ sql: '', address: '', person }), viewers, [perPerson]);

        expect(row.keys).toEqual([caller.person]);
        expect(of.account).toBe(`metabase:${caller.person}`);
        expect(exempted.person).toBe(`metabase:${caller.person}`);
        expect(request.account).toBe(`metabase:${caller.person}`);
      }),
    );
  });

  test('is shown what names nobody as it is', () => {
    const nobody = viewers.balance(balance({ budget: budget({ per: 'person' }), account: '(none)' }));
    const team = viewers.balance(balance({ budget: budget({ per: 'team' }), account: 'atendimento' }));
    const row = viewers.spend(
      { ...spendWith({ sql: '', address: '', person: '' }), keys: [null, 'finops'] },
      ['person', 'team'],
    );

    expect(nobody.account).toBe('(none)');
    expect(team.account).toBe('atendimento');
    expect(row.keys).toEqual([null, 'finops']);
  });
});

test('an analyst is shown all of it', () => {
  fc.assert(
    fc.property(secrets, (kept) => {
      const shown = everythingShown(analysts, kept);
      for (const word of tellTale(kept)) expect(shown).toContain(word);
      expect(shown).not.toContain('withheld');
    }),
  );
});

describe('a pseudonym', () => {
  test('is the same in every process with the same settings, and another with others', () => {
    const of = (values: Readonly<Record<string, unknown>>) => createPseudonyms(accessSettings(values))('ana');

    expect(of({})).toBe(pseudonymOf('ana'));
    expect(of({ operator_tokens: { ana: 'another-token-of-ana' } })).not.toBe(pseudonymOf('ana'));
    expect(of({ viewer_tokens: { bia: 'another-token-of-bia' } })).toBe(pseudonymOf('ana'));
  });

  test('tells whoever tries out tokens nothing at the price of a fast hash', () => {
    const guessed = hkdfSync('sha256', [ANA, RUI].join('\n'), '', 'guardrail pseudonyms', 32);
    const tried = createHmac('sha256', new Uint8Array(guessed)).update('ana').digest('hex');

    expect(pseudonymOf('ana')).not.toBe(`person-${tried.slice(0, 8)}`);
  });

  test('stays where tokens change but the key does not', () => {
    const of = (operator: string) =>
      createPseudonyms(
        accessSettings({ operator_tokens: { ana: operator }, pseudonym_key: 'a-key-of-sixteen-characters' }),
      )('ana');

    expect(of('another-token-of-ana')).toBe(of('token-of-ana-0123456789'));
  });

  test('cannot be told by a viewer where nobody but viewers has a token', () => {
    const settings = accessSettings({ operator_tokens: {}, analyst_tokens: {} });

    expect(createPseudonyms(settings)('ana')).not.toBe(createPseudonyms(settings)('ana'));
  });
});
