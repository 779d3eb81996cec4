import type { StoredRewrite } from '../../advice/rewrite-store.ts';
import type { GrantRequest } from '../../books/grants/grant-requests.ts';
import type { Grant } from '../../budget/grants.ts';
import type { RecordedNotice } from '../../notices/list.ts';
import type { PolicyError } from '../../policy/document/errors.ts';
import type { Exemption } from '../../policy/rules/exemptions.ts';
import type { DecisionRecord } from '../../records/decisions/decision-record.ts';
import type { SpendKey, SpendRow } from '../../records/spend/spend-query.ts';
import type { CatalogTable } from '../../reports/catalog/report.ts';
import type { Reconciliation } from '../../reports/reconciliation/kept-reconciliations.ts';
import type { Budget, SubjectKind } from '../../vocabulary/budget.ts';
import type { RuleHit } from '../../vocabulary/policy.ts';
import type { BudgetBalance } from '../../vocabulary/spend.ts';
import { hasRole, type Visitor } from '../access/visitor.ts';
import type { Pseudonym } from './pseudonyms.ts';
import {
  type RedactedDecision,
  type RedactedGrant,
  type RedactedHit,
  type RedactedReconciliation,
  type RedactedRequest,
  type RedactedRewrite,
  WITHHELD,
} from './redacted.ts';
import { orNull, type ViewerNames, viewerNames } from './viewer-names.ts';

/**
 * What a visitor gets to see. Everything that leaves the operators' port goes through here, pages and JSON alike:
 * nothing else hides anything by role.
 */
export interface Redaction {
  /** True if SQL and persons are shown as they are. */
  readonly showsAll: boolean;
  decision(record: DecisionRecord): RedactedDecision;
  rewrite(rewrite: StoredRewrite): RedactedRewrite;
  budget(budget: Budget): Budget;
  balance(balance: BudgetBalance): BudgetBalance;
  /** @param per what the budget's accounts are (persons, dashboards …), if known */
  grant(grant: Grant, per: SubjectKind | null | undefined): RedactedGrant;
  /** @param per as for a grant */
  grantRequest(request: GrantRequest, per: SubjectKind | null | undefined): RedactedRequest;
  notice(notice: RecordedNotice): RecordedNotice;
  /** @param by the keys of the row, in order */
  spend(row: SpendRow, by: readonly SpendKey[]): SpendRow;
  reconciliation(found: Reconciliation): RedactedReconciliation;
  /** Whom or what a rule exempts. */
  exemptionSubject(subject: Exemption['subject']): Exemption['subject'];
  /** A table, who owns it and who reads it. */
  table(table: CatalogTable): CatalogTable;
  policyError(error: PolicyError): string;
  /** SQL, or words that quote it: null if withheld. */
  sql(text: string): string | null;
  /** A person as a tool or a token names them. */
  person(name: string): string;
  /** An e-mail address confirmed by the warehouse; a service account's is not a person's. */
  principal(address: string): string;
  /** A text that may contain a person's address, such as a card's name. */
  text(text: string): string;
  /** Whether a text that is withheld contains a person's address: such a text must not work as a search term. */
  readonly hidesPersonIn: (text: string) => boolean;
}

/** What is withheld from a visitor: SQL and persons, unless they may see them. */
export function redactionFor(visitor: Visitor, pseudonymOf: Pseudonym): Redaction {
  if (hasRole(visitor, 'analyst')) return UNREDACTED;
  // Anybody may type names into a request for a grant, and would learn whose pseudonym is whose if such a name had that of
  // the person. No name in the records contains NUL, so none has the pseudonym of one that was typed.
  const typed = viewerNames((name) => pseudonymOf(`\0${name}`));
  return viewerRedaction(viewerNames(pseudonymOf), typed);
}

const UNREDACTED: Redaction = {
  showsAll: true,
  decision: (record) => record,
  rewrite: (rewrite) => rewrite,
  budget: (budget) => budget,
  balance: (balance) => balance,
  grant: (grant) => grant,
  grantRequest: (request) => request,
  notice: (notice) => notice,
  spend: (row) => row,
  reconciliation: (found) => found,
  exemptionSubject: (exemptionSubject) => exemptionSubject,
  table: (table) => table,
  policyError: String,
  sql: (text) => text,
  person: (name) => name,
  principal: (address) => address,
  text: (text) => text,
  hidesPersonIn: () => false,
};

function viewerRedaction(names: ViewerNames, typed: ViewerNames): Redaction {
  const { person, personOfTool, principal, text, byKind, account, subject } = names;
  const budget = (of: Budget): Budget => ({ ...of, subject: subject(of.subject) });
  return {
    showsAll: false,
    decision: (record) => redactDecision(record, names),
    rewrite: redactRewrite,
    budget,
    balance: (balance) => ({
      ...balance,
      budget: budget(balance.budget),
      account: account(balance.budget.per, balance.account),
    }),
    grant: (grant, per) => redactGrant(grant, per, { names, typed }),
    grantRequest: (request, per) => redactGrantRequest(request, per, { names, typed }),
    notice: (recorded) => redactNotice(recorded, names),
    spend: (row, by) => ({
      ...row,
      keys: row.keys.map((key, index) => {
        const kind = by[index];
        return key === null || kind === undefined ? key : byKind(kind, key);
      }),
    }),
    reconciliation: (found) => ({
      ...found,
      reason: null,
      withheld: WITHHELD,
      writtenBy: orNull(person)(found.writtenBy),
    }),
    exemptionSubject: (exemptionSubject) => ({
      ...subject(exemptionSubject),
      ...(exemptionSubject.person === undefined ? {} : { person: personOfTool(exemptionSubject.person) }),
    }),
    table: (table) => redactTable(table, names),
    policyError: ({ source: { file, line, column } }) => `${file}:${line}:${column}`,
    sql: () => null,
    person,
    principal,
    text,
    hidesPersonIn: (plain) => text(plain) !== plain,
  };
}

function redactDecision(record: DecisionRecord, names: ViewerNames): RedactedDecision {
  const { estimate } = record;
  return {
    ...record,
    caller: names.caller(record.caller),
    sql: null,
    withheld: WITHHELD,
    // A parser that gives up may quote the SQL.
    reading: { ...record.reading, unreadReason: null },
    estimate: estimate && { ...estimate, principal: orNull(names.principal)(estimate.principal) },
    cause: orNull(names.text)(record.cause),
    hits: record.hits.map((hit) => redactHit(hit, names)),
  };
}

/** A rule's message may quote the query and the caller; which rule it is and what it did does not. */
function redactHit({ eased, ...hit }: RuleHit, { person }: ViewerNames): RedactedHit {
  const shown = { ...hit, message: null };
  if (eased === undefined) return shown;
  if (eased.by !== 'exemption') return { ...shown, eased };
  return { ...shown, eased: { ...eased, owner: person(eased.owner), reason: null } };
}

function redactRewrite(rewrite: StoredRewrite): RedactedRewrite {
  return {
    ...rewrite,
    sql: null,
    withheld: WITHHELD,
    changes: rewrite.changes.map((change) => ({ ...change, shows: null })),
  };
}

/** Names that the records hold, and names that somebody typed. */
interface GrantNames {
  readonly names: ViewerNames;
  readonly typed: ViewerNames;
}

function redactGrant(
  grant: Grant,
  per: SubjectKind | null | undefined,
  { names: { account, person }, typed }: GrantNames,
): RedactedGrant {
  return {
    ...grant,
    account: account(per, grant.account),
    reason: null,
    withheld: WITHHELD,
    grantedBy: person(grant.grantedBy),
    grantedTo: typed.person(grant.grantedTo),
    revoked: grant.revoked && { ...grant.revoked, by: person(grant.revoked.by) },
  };
}

function redactGrantRequest(
  request: GrantRequest,
  per: SubjectKind | null | undefined,
  { names: { person }, typed }: GrantNames,
): RedactedRequest {
  return {
    ...request,
    account: typed.account(per, request.account),
    reason: null,
    askedBy: orNull(person)(request.askedBy),
    askedFor: typed.person(request.askedFor),
    answer: request.answer && { ...request.answer, by: person(request.answer.by) },
  };
}

function redactNotice(recorded: RecordedNotice, { account, subject }: ViewerNames): RecordedNotice {
  const { notice } = recorded;
  const named = { account: account(notice.per, notice.account), subject: subject(notice.subject) };
  return { ...recorded, notice: { ...notice, ...named } };
}

function redactTable(table: CatalogTable, { text }: ViewerNames): CatalogTable {
  return {
    ...table,
    owner: orNull(text)(table.owner),
    dashboards: table.dashboards.map((use) => ({ ...use, dashboard: text(use.dashboard) })),
  };
}
