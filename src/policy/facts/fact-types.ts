import type { BudgetFacts } from './budget-facts.ts';
import type { Facts } from './facts.ts';
import type { TableFacts } from './table-facts.ts';

/**
 * Every fact and its type in CEL, by the type that has it. docs/facts.md documents each one, and a test compares the
 * two.
 */
export const FACT_TYPES = {
  Query: {
    statement_type: 'string',
    read: 'bool',
    star: 'bool',
    limit: 'int',
    joins_without_condition: 'int',
    subqueries: 'int',
    functions: 'list<string>',
    outside_services: 'list<string>',
    routines: 'list<string>',
    unread_definitions: 'list<string>',
    antipatterns: 'list<string>',
    fingerprint: 'string',
    bytes_processed: 'int',
    bytes_billed: 'int',
    accuracy: 'string',
    cost: 'double',
    cached: 'bool',
    tables: 'list<Table>',
    tables_complete: 'bool',
  } satisfies Record<keyof Facts['query'], string>,
  Table: {
    name: 'string',
    project: 'string',
    dataset: 'string',
    kind: 'string',
    star: 'bool',
    projected: 'list<string>',
    filtered: 'list<string>',
    tested: 'list<string>',
    joined: 'list<string>',
    grouped: 'list<string>',
    partitioned_by: 'string',
    partition_filter: 'bool',
    clustered_by: 'list<string>',
    cluster_filter: 'bool',
    status: 'string',
    owner: 'string',
    replacement: 'string',
  } satisfies Record<keyof TableFacts, string>,
  Caller: {
    principal: 'string',
    team: 'string',
    person: 'string',
    dashboard: 'string',
    card: 'string',
    tool: 'string',
  } satisfies Record<keyof Facts['caller'], string>,
  Now: { hour: 'int', weekday: 'int', date: 'string' } satisfies Record<keyof Facts['now'], string>,
  History: {
    known: 'bool',
    runs: 'int',
    median_cost: 'double',
    p95_cost: 'double',
    last_seen_hours: 'double',
  } satisfies Record<keyof Facts['history'], string>,
  Budget: {
    known: 'bool',
    covers: 'bool',
    limit: 'double',
    used: 'double',
    reserved: 'double',
    left: 'double',
    share: 'double',
  } satisfies Record<keyof BudgetFacts, string>,
} as const;
