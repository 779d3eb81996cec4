import { z } from 'zod';
import { type RoutineDefinition, type RoutineReference, routineName } from '../../vocabulary/routine.ts';
import type { Asker } from '../dry-run.ts';
import { createDefinitionRequests, type DefinitionOptions } from './definition-requests.ts';

/** What functions and procedures are, as far as the caller may know. */
export interface RoutineDefinitions {
  /**
   * What the warehouse says about a routine under the caller's own credential. Null if it does not say: no such routine, no
   * access (as for routines behind authorised views), too slow an answer, or none. Never throws.
   */
  of(routine: RoutineReference, asker: Asker): Promise<RoutineDefinition | null>;
}

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/routines/get */
export function createRoutineDefinitions(options: DefinitionOptions): RoutineDefinitions {
  return {
    of: createDefinitionRequests(
      { nameOf: routineName, pathOf, fields: FIELDS, resource: routineResource, definitionFrom },
      options,
    ),
  };
}

function pathOf({ projectId, datasetId, routineId }: RoutineReference): readonly string[] {
  return ['projects', projectId, 'datasets', datasetId, 'routines', routineId];
}

const FIELDS = 'routineType,language,definitionBody,remoteFunctionOptions,sparkOptions';

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/routines#Routine */
const routineResource = z.object({
  routineType: z.string(),
  language: z.string().default('SQL'),
  definitionBody: z.string().default(''),
  remoteFunctionOptions: z.object({}).optional(),
  sparkOptions: z.object({}).optional(),
});

/** Languages that BigQuery runs itself, at no other price than the query's. */
const RUN_IN_BIGQUERY: ReadonlySet<string> = new Set(['SQL', 'JAVASCRIPT']);

function definitionFrom({
  routineType,
  language,
  definitionBody,
  ...options
}: z.infer<typeof routineResource>): RoutineDefinition {
  const isOutside =
    options.remoteFunctionOptions !== undefined ||
    options.sparkOptions !== undefined ||
    !RUN_IN_BIGQUERY.has(language);
  if (isOutside || language !== 'SQL') return { isOutside, sql: null };
  return { isOutside, sql: routineType === 'PROCEDURE' ? definitionBody : asStatement(definitionBody) };
}

/** The body of a function is an expression or a query, without the parentheses around it; it may end in a comment. */
export function asStatement(body: string): string {
  return `SELECT (${body}\n)`;
}
