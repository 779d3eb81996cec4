import { z } from 'zod';
import type { DecisionFilter, DecisionPosition } from '../../records/decisions/find-decisions.ts';
import { outcomes } from '../../vocabulary/decision.ts';

const name = z.string().trim().min(1).max(500).optional().catch(undefined);

/** What a query string asks for. Anything that makes no sense is ignored: links get cut off and retyped. */
export const decisionQuery = z.object({
  team: name,
  outcome: z.enum(outcomes).optional().catch(undefined),
  rule: name,
  dashboard: name,
  card: name,
  tool: name,
  fingerprint: name,
  table: name,
  person: name,
  principal: name,
  after: z
    .string()
    .regex(/^\d{1,15}\.[\w-]{1,100}$/)
    .optional()
    .catch(undefined),
});

export type DecisionQuery = Omit<z.output<typeof decisionQuery>, 'after'>;

/** A position as it is written in an address: `MILLISECONDS.ID`. */
export function formatPosition({ atMs, id }: DecisionPosition): string {
  return `${atMs}.${id}`;
}

/** The position in an address, which has been checked before. */
export function parsePosition(text: string): DecisionPosition {
  const dot = text.indexOf('.');
  return { atMs: Number(text.slice(0, dot)), id: text.slice(dot + 1) };
}

/** A filter without the members that were not asked for. */
export function withoutUnset(filter: DecisionQuery): Omit<DecisionFilter, 'limit'> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
