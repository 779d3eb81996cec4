import type { Language } from '../../foundation/text/language.ts';
import type { Policy } from '../../policy/policy.ts';
import type { RuleOpinion } from '../../policy/rules/opinions.ts';
import { readSql } from '../../sql/read-sql.ts';
import { MIB } from '../../vocabulary/bytes.ts';
import type { Estimate } from '../../vocabulary/estimate.ts';
import type { SourcePosition } from '../../vocabulary/policy.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';
import { tableName } from '../../vocabulary/table.ts';
import { givenEstimate } from '../given-estimate.ts';
import { type RehearsedQuery, rehearse } from '../rehearse.ts';
import { lookupsFor, tableOf } from './case-lookups.ts';
import type { CaseGiven } from './case-schema.ts';
import { type Difference, findDifferences } from './differences.ts';
import type { PolicyCase } from './read-cases.ts';

/** The result of a case. */
export interface CaseOutcome {
  readonly name: string;
  readonly source: SourcePosition;
  /** Differences from the expectations; empty if the case passes. */
  readonly differences: readonly Difference[];
  /** Each rule's verdict, in the order of the rules. */
  readonly opinions: readonly RuleOpinion[];
}

/** Takes a case's query through the guard's stages and compares the result with the expectations. */
export async function runCase(policy: Policy, policyCase: PolicyCase, nowMs: number): Promise<CaseOutcome> {
  const { entry, source } = policyCase;
  const query = queryOf(policyCase, nowMs);
  const lookups = lookupsFor(entry.given ?? {}, query.atMs);
  const rehearsal = await rehearse(policy, query, lookups);
  const messageIn = async (language: Language) =>
    (await rehearse(policy, { ...query, language }, lookups)).message;
  return {
    name: entry.name,
    source,
    differences: await findDifferences(entry, rehearsal, messageIn),
    opinions: rehearsal.opinions,
  };
}

const SMALL = 10n * MIB;
const DEFAULT_PROJECT = 'guardrail-demo';

function queryOf({ entry, principal }: PolicyCase, nowMs: number): RehearsedQuery {
  const { sql, given = {}, project = DEFAULT_PROJECT, dataset } = entry;
  const defaults = {
    projectId: project,
    defaultDataset: dataset === undefined ? null : { datasetId: dataset },
  };
  const { person = null, dashboard = null, card = null, tool = null } = entry;
  return {
    id: 'case',
    sql,
    defaults,
    atMs: given.at ?? nowMs,
    estimate: estimateOf(given, readSql(sql, defaults), principal),
    hints: { person, dashboard, card, tool },
  };
}

function estimateOf(given: CaseGiven, reading: SqlReading, principal: string): Estimate {
  const { bytes = SMALL, accuracy, location, statement_type: statementType, tables, routines } = given;
  const referencedTables = tables?.map(tableOf) ?? tablesWithRows(given, reading);
  const stated = { accuracy, location, statementType, referencedTables, referencedRoutines: routines };
  const statedValues = Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined));
  return givenEstimate({ bytesProcessed: bytes, principal, ...statedValues }, reading);
}

/** A dry run names no views. */
function tablesWithRows({ table_definitions: definitions = {} }: CaseGiven, { tables }: SqlReading) {
  return tables.map(({ table }) => table).filter((table) => definitions[tableName(table)]?.sql === undefined);
}
