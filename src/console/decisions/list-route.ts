import type { Request } from 'express';
import { z } from 'zod';
import type { DecisionFilter, DecisionPlace } from '../../records/find-decisions.ts';
import { outcomes } from '../../vocabulary/decision.ts';
import type { PageContext } from '../page.ts';
import type { ConsoleSources } from '../sources.ts';
import { decisionListPage } from './list-page.ts';

export const PAGE_LENGTH = 40;

const name = z.string().trim().min(1).max(500).optional().catch(undefined);

/** What a query string asks for. What makes no sense is as if it were not there: links get cut and retyped. */
const asked = z.object({
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

export type AskedDecisions = Omit<z.output<typeof asked>, 'after'>;

/** `/decisions`: a page of them, by what its address asks for. */
export function decisionListRoute({ asks, policy }: Pick<ConsoleSources, 'asks' | 'policy'>) {
  return async (context: PageContext, request: Request): Promise<string> => {
    const { after, ...found } = asked.parse(request.query);
    // To whom persons are not shown, no list tells which queries are whose.
    const filter = context.redaction.showsAll ? found : { ...found, person: undefined, principal: undefined };
    const decisions = await asks.decisions({
      ...withoutUnset(filter),
      limit: PAGE_LENGTH + 1,
      ...(after === undefined ? {} : { after: placeFrom(after) }),
    });
    return decisionListPage(
      {
        filter,
        isFirst: after === undefined,
        decisions: decisions.slice(0, PAGE_LENGTH),
        hasMore: decisions.length > PAGE_LENGTH,
        teams: policy().names.teams,
        rules: policy().names.rules,
      },
      context,
    );
  };
}

/** A place as an address writes it: `MILLISECONDS.ID`. */
export function writtenPlace({ atMs, id }: DecisionPlace): string {
  return `${atMs}.${id}`;
}

function placeFrom(text: string): DecisionPlace {
  const dot = text.indexOf('.');
  return { atMs: Number(text.slice(0, dot)), id: text.slice(dot + 1) };
}

function withoutUnset(filter: AskedDecisions): Omit<DecisionFilter, 'limit'> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
