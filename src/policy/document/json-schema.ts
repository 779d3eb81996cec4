import { z } from 'zod';
import { budgetSchema, webhookSchema } from './budget-schema.ts';
import { pricingSchema } from './pricing-schema.ts';
import { exemptionSchema } from './rule-life-schema.ts';
import { fileSchema, recordsSchema, ruleSchema, tableSchema, teamSchema } from './schema.ts';
import { bytes, timeZone } from './schema-parts.ts';

/** A complete policy file: its frame, with the content of each section. */
export const policyFile = fileSchema.extend({
  time_zone: withDescription(fileSchema.shape.time_zone, timeZone),
  inexact_reserve: withDescription(fileSchema.shape.inexact_reserve, bytes),
  teams: withDescription(fileSchema.shape.teams, z.array(teamSchema)),
  budgets: withDescription(fileSchema.shape.budgets, z.array(budgetSchema)),
  rules: withDescription(fileSchema.shape.rules, z.array(ruleSchema)),
  exemptions: withDescription(fileSchema.shape.exemptions, z.array(exemptionSchema)),
  catalog: withDescription(
    fileSchema.shape.catalog,
    z.strictObject({
      tables: withDescription(fileSchema.shape.catalog.unwrap().shape.tables, z.array(tableSchema)),
    }),
  ),
  pricing: withDescription(fileSchema.shape.pricing, pricingSchema),
  webhooks: withDescription(fileSchema.shape.webhooks, z.array(webhookSchema)),
  records: withDescription(fileSchema.shape.records, recordsSchema),
});

function withDescription(frame: z.ZodType, section: z.ZodType) {
  return section.optional().describe(frame.description ?? '');
}

/**
 * What editors learn about policy files: keys with their meaning, and values as far as a pattern describes them. Names,
 * expressions and time zones are only checked by `guardrail policy check`.
 */
export function policyJsonSchema(): Readonly<Record<string, unknown>> {
  return jsonSchemaOf(policyFile, 'A policy file of guardrail');
}

/** A schema of YAML whose scalars all arrive as text, converted to JSON Schema (draft 7, which editors read). */
export function jsonSchemaOf(schema: z.ZodType, title: string): Readonly<Record<string, unknown>> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  return { $schema, title, ...forEditors(rest) };
}

/** What the loader reads as text, an editor's YAML parser may read as a number or as true. */
function forEditors(node: object): object {
  if ('const' in node && typeof node.const === 'string') {
    const { const: text, ...rest } = node;
    return { ...omit(rest, 'type'), enum: [JSON.parse(text), text] };
  }
  // Every key of a mapping is text to both.
  const entries = Object.entries(omit(node, 'propertyNames')).map(([key, value]) => [
    key,
    typeof value === 'object' && value !== null ? partForEditors(value) : value,
  ]);
  return { ...Object.fromEntries(entries), ...(acceptsNumbers(node) ? { type: ['string', 'number'] } : {}) };
}

function partForEditors(part: object): object {
  return Array.isArray(part)
    ? part.map((each: unknown) => (typeof each === 'object' && each !== null ? forEditors(each) : each))
    : forEditors(part);
}

function acceptsNumbers(node: object): boolean {
  if (!('type' in node) || node.type !== 'string' || 'enum' in node || 'format' in node) return false;
  return !('pattern' in node) || new RegExp(String(node.pattern)).test('12');
}

function omit(node: object, key: string): object {
  return Object.fromEntries(Object.entries(node).filter(([each]) => each !== key));
}
