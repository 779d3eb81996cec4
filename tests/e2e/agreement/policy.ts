import { localTime } from '../../../src/policy/facts/local-time.ts';

export const SUPPORT = 'metabase@support.example';
export const FINOPS = 'metabase@finops.example';
export const TRUSTED = 'metabase@trusted.example';
export const NOBODYS = 'somebody@elsewhere.example';

/** The bytes at which queries of the trusted team are priced before they run. */
export const TRUSTED_CAP = 20n << 20n;

const ZONE = 'Asia/Kathmandu';

/** Rules whose facts are looked up while a query waits, and are not recorded. */
export const BY_BACKGROUND: ReadonlySet<string> = new Set(['by-definition', 'by-history', 'by-budget']);

/**
 * A policy with one of everything: rules that refuse, cap and warn, exemptions, prices and budgets of each kind. No rule
 * depends on how often the same query has just run: the guard remembers a history for a minute, and a rehearsal looks it up.
 */
export function everyKind(nowMs: number): string {
  const { date, hour } = localTime(nowMs, ZONE);
  return `version: 1
time_zone: ${ZONE}
inexact_reserve: 300 MiB
teams:
  - { name: support, language: pt-BR, principals: ["${SUPPORT}"] }
  - { name: finops, principals: ["*@finops.example"] }
  - { name: trusted, principals: ["${TRUSTED}"], estimate: { mode: capped, up_to: 20 MiB } }
catalog:
  tables:
    - { table: p.d.days, status: governed, partition_column: day }
    - { table: p.d.small, status: legacy, replacement: p.d.days }
rules:
  - { name: no-star, mode: deny, teams: [support, finops, unassigned], when: "query.tables.exists(t, t.star && t.name == 'p.d.days' && !t.partition_filter)", message: { en: No star., pt-BR: Sem estrela. } }
  - { name: legacy-table, mode: warn, teams: [support, finops], when: 'query.tables.exists(t, t.status == "legacy")', message: "Use \${query.tables[0].replacement}." }
  - { name: unread, mode: warn, modes: { finops: deny }, when: "!query.read", message: Unread. }
  - { name: dear, mode: audit, teams: [support, finops], when: query.cost > 0.001 }
  - { name: no-wide, mode: deny, teams: [finops], enforce_from: 2099-01-01, when: query.bytes_billed > gib(1), message: Too wide. }
  - { name: half, mode: warn, rollout: 50%, teams: [support, finops], when: query.subqueries == 0, message: Half. }
  - { name: this-hour, mode: warn, teams: [support, finops], when: 'now.hour == ${hour} && now.date == "${date}" && query.limit > 5', message: Not now. }
  - { name: fails, mode: warn, on_error: audit, teams: [finops], when: "query.tables[1].star", message: Fails. }
  - { name: crossed, mode: deny, teams: [support], when: query.joins_without_condition > 0, message: Say how to join. }
  - { name: changes, mode: warn, teams: [support], when: 'query.statement_type in ["MERGE", "INSERT", "SCRIPT"]', message: It changes tables. }
  - { name: capped, teams: [finops], when: 'query.accuracy != "PRECISE"', maximum_bytes_billed: 250 MiB }
  - { name: by-definition, mode: audit, teams: [finops], when: 'query.tables.exists(t, t.name == "p.d.wide" && t.partitioned_by == "day")' }
  - { name: by-history, mode: audit, teams: [finops], when: history.known && history.runs < 100 && history.last_seen_hours < 1.0 }
  - { name: by-budget, mode: audit, teams: [support], when: budget("support-day").used > 0.0 }
exemptions:
  - { rule: no-star, dashboard: "grafana:board", owner: ana, reason: closing, until: 2099-01-01 }
budgets:
  - { name: all-month, organisation: true, window: month, time_zone: ${ZONE}, limit: 12 BRL }
  - { name: support-day, team: support, window: day, time_zone: ${ZONE}, limit: 9 GiB }
  - { name: support-person, team: support, per: person, window: hour, limit: 4 GiB }
  - { name: finops-rolling, team: finops, window: rolling 24h, limit: 6 GiB, when_exceeded: { only: [legacy-table] } }
  - { name: finops-money, team: finops, window: week, limit: 0.03 USD, when_exceeded: warn }
  - { name: slots, project: "slots-*", window: day, limit: 0.75 slot-hours }
  - { name: nobodys, team: unassigned, per: principal, window: day, limit: 3 queries }
  - { name: trusted-day, team: trusted, window: day, limit: 60 MiB }
  - { name: at-once, organisation: true, limit: 50 at once }
pricing:
  currency: USD
  on_demand_per_tib: { default: "6.25" }
  free_tier: 2 GiB
  editions: { projects: ["slots-*"], per_slot_hour: { default: "0.06" }, unknown_query: 0.05 slot-hours }
  exchange_rates: [{ to: BRL, rate: "5.35", as_of: 2026-11-01 }]
`;
}
