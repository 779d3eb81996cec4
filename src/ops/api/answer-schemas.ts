import { z } from 'zod';
import { chainHead, notice, reconciliation } from './answers/books.ts';
import { balance, budget } from './answers/budget.ts';
import { decision, rewrite, settlement } from './answers/decision.ts';
import { grant, grantRequest } from './answers/grant.ts';
import { money } from './answers/parts.ts';
import { catalogReport, savingRow, spendRow } from './answers/sums.ts';

export type Json = Readonly<Record<string, unknown>>;

/** The answer when something is wrong. */
export const failure = z.object({ error: z.string().describe('what is wrong, and what was expected') });

/** The parts of answers, under the names that generated clients give them. */
const PARTS: Readonly<Record<string, z.ZodType>> = {
  Balance: balance,
  Budget: budget,
  CatalogReport: catalogReport,
  ChainHead: chainHead,
  Decision: decision,
  Error: failure,
  Grant: grant,
  GrantRequest: grantRequest,
  Money: money,
  Notice: notice,
  Reconciliation: reconciliation,
  Rewrite: rewrite,
  SavingRow: savingRow,
  Settlement: settlement,
  SpendRow: spendRow,
};

/** The schemas of all answers for an OpenAPI document: whatever has a name is listed once. */
export interface AnswerSchemas {
  /** By name. */
  readonly schemas: Json;
  /** Where the schema of an answer is in a document that has them as its components. */
  refTo(answer: z.ZodType): string;
}

/**
 * JSON Schemas of answers as `sendJson` writes them.
 * @param answers by the name of their endpoint
 */
export function answerSchemas(answers: ReadonlyMap<string, z.ZodType>): AnswerSchemas {
  const names = z.registry<{ id: string }>();
  for (const [id, part] of Object.entries(PARTS)) names.add(part, { id });
  for (const [name, answer] of answers) {
    if (!names.has(answer)) names.add(answer, { id: `${name[0]?.toUpperCase()}${name.slice(1)}Answer` });
  }
  const uri = (id: string) => `#/components/schemas/${id}`;
  const { schemas } = z.toJSONSchema(names, { uri, unrepresentable: 'any', override: asSent });
  return {
    schemas: Object.fromEntries(
      Object.entries(schemas).map(([name, { $schema: _dialect, $id: _place, ...schema }]) => [name, schema]),
    ),
    refTo: (answer) => uri(names.get(answer)?.id ?? ''),
  };
}

/** Drops the pattern if a format says the same in a form that people can read. */
export function withoutPatternOfFormat({
  jsonSchema,
}: {
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
}

/** Numbers that may exceed 2^53 are sent as decimal text, dates as ISO 8601; and fields may be added to any answer. */
function asSent({
  zodSchema,
  jsonSchema,
}: {
  readonly zodSchema: z.core.$ZodType;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  if (zodSchema._zod.def.type === 'bigint')
    Object.assign(jsonSchema, { type: 'string', pattern: '^-?\\d+$' });
  if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  // A member that is optional when read is always sent.
  delete jsonSchema.default;
  withoutPatternOfFormat({ jsonSchema });
}
