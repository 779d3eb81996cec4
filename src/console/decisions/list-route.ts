import type { Request } from 'express';
import type { Redaction } from '../../ops/access/redact.ts';
import type { PageContext } from '../page.ts';
import type { ConsoleSources } from '../sources.ts';
import { type AskedDecisions, asked, placeFrom, withoutUnset } from './asked.ts';
import { decisionListPage } from './list-page.ts';

const PAGE_LENGTH = 40;

/** `/decisions`: a page of them, by what its address asks for. */
export function decisionListRoute({ asks, policy }: Pick<ConsoleSources, 'asks' | 'policy'>) {
  return async (context: PageContext, request: Request): Promise<string> => {
    const { after, ...found } = asked.parse(request.query);
    const filter = context.redaction.showsAll ? found : withoutPersons(found, context.redaction);
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

/** To whom persons are not shown, no list tells which queries are whose; nor by a name with a person's address in it. */
function withoutPersons(filter: AskedDecisions, redaction: Redaction): AskedDecisions {
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
