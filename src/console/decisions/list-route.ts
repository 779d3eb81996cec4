import type { Request } from 'express';
import type { Redaction } from '../../ops/redaction/redact.ts';
import type { PageContext } from '../page.ts';
import type { ConsoleSources } from '../sources.ts';
import { type DecisionQuery, decisionQuery, parsePosition, withoutUnset } from './decision-query.ts';
import { decisionListPage } from './list-page.ts';

const PAGE_LENGTH = 40;

/** `/decisions`: one page of them, filtered as its address says. */
export function decisionListRoute({ questions, policy }: Pick<ConsoleSources, 'questions' | 'policy'>) {
  return async (context: PageContext, request: Request): Promise<string> => {
    const { after, ...filterGiven } = decisionQuery.parse(request.query);
    const filter = context.redaction.showsAll ? filterGiven : withoutPersons(filterGiven, context.redaction);
    const { decisions, searchedTo } = await questions.decisions({
      ...withoutUnset(filter),
      limit: PAGE_LENGTH + 1,
      ...(after === undefined ? {} : { after: parsePosition(after) }),
    });
    return decisionListPage(
      {
        filter,
        isFirst: after === undefined,
        decisions: decisions.slice(0, PAGE_LENGTH),
        hasMore: decisions.length > PAGE_LENGTH,
        searchedTo,
        teams: policy().names.teams,
        rules: policy().names.rules,
      },
      context,
    );
  };
}

/**
 * For visitors who may not see persons, no list may reveal whose queries are whose, nor be searched by a name that
 * contains a person's address.
 */
function withoutPersons(filter: DecisionQuery, redaction: Redaction): DecisionQuery {
  const { dashboard, card } = filter;
  const unlessAddressed = (name: string | undefined) =>
    name === undefined || redaction.hidesPersonIn(name) ? undefined : name;
  return {
    ...filter,
    person: undefined,
    principal: undefined,
    dashboard: unlessAddressed(dashboard),
    card: unlessAddressed(card),
  };
}
