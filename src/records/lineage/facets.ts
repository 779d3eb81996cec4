import type { Decision, Settlement } from '../../vocabulary/decision.ts';
import { holdsSql, type TableUse } from '../../vocabulary/reading.ts';
import type { Facet, Facets } from './run-event.ts';

/** Makes facets for one producer, the URI below which the repository's files are found. */
export interface FacetMaker {
  /** A facet from the specification. */
  standard(schema: string, content: Readonly<Record<string, unknown>>): Facet;
  /** One of guardrail's own facets, whose schema is in `docs/schemas`. */
  custom(name: string, content: Readonly<Record<string, unknown>>): Facet;
}

/** Facets that name their producer. */
export function facetMaker(producer: string): FacetMaker {
  return {
    standard: (schema, content) => ({
      _producer: producer,
      _schemaURL: `https://openlineage.io/spec/facets/${schema}`,
      ...content,
    }),
    custom: (name, content) => ({
      _producer: producer,
      _schemaURL: `${producer}/docs/schemas/${name}-1-0-0.json#/$defs/${name}`,
      ...content,
    }),
  };
}

/** What guardrail knows about the query beyond the specification's terms. */
export function queryFacet(decision: Decision, { custom }: FacetMaker): Facets {
  const { id, projectId, outcome, reading, estimate, caller, sql, sqlRetention } = decision;
  return {
    guardrail_query: custom('GuardrailQueryRunFacet', {
      decisionId: id,
      projectId,
      guarded: outcome !== 'unguarded',
      statementType: estimate?.statementType ?? reading.statement,
      ...(reading.fingerprint === '' ? {} : { fingerprint: reading.fingerprint }),
      ...(sqlRetention === 'hashed' && sql !== '' ? { sqlDigest: sql } : {}),
      ...(caller.tool === null ? {} : { tool: caller.tool }),
      ...(caller.dashboard === null ? {} : { dashboard: caller.dashboard }),
      ...(caller.card === null ? {} : { card: caller.card }),
    }),
  };
}

/** What the query came to, and for which team. */
export function costFacet(team: string, settlement: Settlement, { custom }: FacetMaker): Facets {
  const { bytesProcessed, bytesBilled, freeBytes, cost, slotMs, cacheHit, source } = settlement;
  return {
    guardrail_cost: custom('GuardrailCostRunFacet', {
      team,
      bytesProcessed,
      bytesBilled,
      freeBytes,
      costMicros: cost.micros,
      currency: cost.currency,
      ...(slotMs === null ? {} : { slotMs }),
      cacheHit,
      settledBy: source,
    }),
  };
}

/** The warehouse's job, and why it failed if it did: only the reason code, which quotes no SQL. */
export function jobRunFacets({ jobId, errorReason }: Settlement, { standard }: FacetMaker): Facets {
  return {
    ...(jobId === null
      ? {}
      : {
          externalQuery: standard('1-0-2/ExternalQueryRunFacet.json#/$defs/ExternalQueryRunFacet', {
            externalQueryId: jobId,
            source: 'bigquery',
          }),
        }),
    ...(errorReason === null
      ? {}
      : {
          errorMessage: standard('1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet', {
            message: errorReason,
            programmingLanguage: 'SQL',
          }),
        }),
  };
}

/** The SQL as the records keep it, if they keep its text. For a job that bypassed guardrail they hold only the beginning. */
export function jobFacets(decision: Decision, { standard }: FacetMaker): Facets {
  const { sql, sqlRetention, outcome, reading } = decision;
  const isText = sqlRetention === 'stored' || (sqlRetention === 'masked' && !sql.startsWith('sha256:'));
  return {
    jobType: standard('2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet', {
      processingType: 'BATCH',
      integration: 'BIGQUERY',
      jobType: holdsSql(reading) ? 'QUERY' : reading.statement,
    }),
    ...(isText && sql !== '' && outcome !== 'unguarded'
      ? { sql: standard('1-1-0/SQLJobFacet.json#/$defs/SQLJobFacet', { query: sql, dialect: 'bigquery' }) }
      : {}),
  };
}

/** How the SQL uses the columns of a table. */
export function columnUseFacet(use: TableUse, { custom }: FacetMaker): Facets {
  const { star, projected, filtered, tested, joined, grouped } = use;
  return {
    guardrail_columnUse: custom('GuardrailColumnUseInputDatasetFacet', {
      star,
      projected,
      filtered,
      ...(tested === undefined ? {} : { tested }),
      joined,
      grouped,
    }),
  };
}
