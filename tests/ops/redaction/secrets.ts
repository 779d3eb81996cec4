import fc from 'fast-check';
import type { StoredRewrite } from '../../../src/advice/rewrite-store.ts';
import type { GrantRequest } from '../../../src/books/grants/grant-requests.ts';
import type { Grant } from '../../../src/budget/grants.ts';
import { jsonOf } from '../../../src/ops/json.ts';
import type { Redaction } from '../../../src/ops/redaction/redact.ts';
import { policyError } from '../../../src/policy/document/errors.ts';
import type { DecisionRecord } from '../../../src/records/decisions/decision-record.ts';
import { type SpendRow, spendKeys } from '../../../src/records/spend/spend-query.ts';
import type { CatalogTable } from '../../../src/reports/catalog/report.ts';
import type { Reconciliation } from '../../../src/reports/reconciliation/kept-reconciliations.ts';
import { balance, budget, notice } from '../../notices/builders.ts';
import { decision, settlement } from '../../records/builders.ts';

/** What viewers must not see. Its letters appear in nothing else that is shown, and in no pseudonym. */
interface Secrets {
  readonly sql: string;
  readonly person: string;
  readonly address: string;
}

const secret = fc.stringMatching(/^zq[ghjkxyz]{8,12}$/);

export const secrets: fc.Arbitrary<Secrets> = fc.record({
  sql: secret.map((word) => `SELECT '${word}' FROM t`),
  person: secret,
  address: secret.map((word) => `${word}@example.com`),
});

const source = { file: 'policies/atendimento.yaml', line: 3, column: 5 };

/** A decision with the secrets in every field that can hold them. */
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

function rewriteWith({ sql }: Secrets): StoredRewrite {
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

export function grantWith({ person, sql }: Secrets): Grant {
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
    columns: { named: [], allQueries: 0, unknownQueries: 0, unused: null },
  };
}

export function requestWith(kept: Secrets): GrantRequest {
  const { grantedBy: _by, grantedTo: _to, createdAtMs: _at, revoked: _revoked, ...wanted } = grantWith(kept);
  const { person } = kept;
  const answer = { by: person, atMs: 2, grantId: 'grant-1' };
  return { ...wanted, askedBy: person, askedFor: person, atMs: 1, answer };
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

export function spendWith({ person, address }: Secrets): SpendRow {
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

/** Everything that the port returns, with the secrets in every field that can hold them. */
export function everythingShown(redaction: Redaction, kept: Secrets): string {
  const { person, address, sql } = kept;
  const subject = { person, principal: address, dashboard: `of ${address}`, card: address };
  const forPerson = budget({ name: 'atendimento-dia', subject, per: 'person' });
  const forPrincipal = budget({ per: 'principal' });
  const sent = { ...notice(), subject };
  const recorded = { id: 'notice-1', deliveredAtMs: null, attempts: 0, deliveries: [] };
  return jsonOf([
    redaction.decision(decisionWith(kept)),
    redaction.rewrite(rewriteWith(kept)),
    redaction.budget(forPerson),
    redaction.balance(balance({ budget: forPerson, account: `metabase:${person}` })),
    redaction.balance(balance({ budget: forPrincipal, account: address })),
    redaction.grant(grantWith(kept), 'person'),
    redaction.grant(grantWith(kept), undefined),
    redaction.notice({ ...recorded, notice: { ...sent, per: 'person', account: `metabase:${person}` } }),
    redaction.notice({ ...recorded, notice: { ...sent, per: 'principal', account: address } }),
    redaction.spend(spendWith(kept), spendKeys),
    redaction.reconciliation(reconciliationWith(kept)),
    redaction.exemptionSubject({
      person: `metabase:${person}`,
      principal: address,
      card: `metabase:${address}`,
    }),
    redaction.table(tableWith(kept)),
    redaction.grantRequest(requestWith(kept), 'person'),
    redaction.grantRequest(requestWith(kept), undefined),
    redaction.policyError(policyError(source, `"${person}" is not ${address}`, sql)),
    redaction.sql(sql),
    redaction.person(person),
    redaction.principal(address),
    redaction.text(`made by ${address}`),
  ]);
}

export function tellTale({ sql, person, address }: Secrets): readonly string[] {
  return [sql.slice(8, 18), person, address.replace('@example.com', '')];
}
