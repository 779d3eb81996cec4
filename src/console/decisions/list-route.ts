import type { Request } from 'express';
import type { PageContext } from '../page.ts';
import type { ConsoleSources } from '../sources.ts';
import { asked, placeFrom, withoutUnset } from './asked.ts';
import { decisionListPage } from './list-page.ts';

const PAGE_LENGTH = 40;

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
