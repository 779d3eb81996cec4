import { type Detector, found } from '../detector.ts';
import { restsOnTable } from '../queries/rows.ts';

/**
 * A common table over stored tables that is read in more than one place: BigQuery may run it anew for each. Recursive
 * ones are kept by BigQuery, and not told of.
 */
export const cteReadMoreThanOnce: Detector = {
  name: 'cte-read-more-than-once',
  find({ text, queries }) {
    return queries.commonTables
      .filter(({ recursive, references }) => !recursive && references > 1)
      .filter(({ query }) =>
        query.selects.some(({ sources }) => sources.some((source) => restsOnTable(source))),
      )
      .flatMap(({ name }) => {
        const token = text.tokenAt(name);
        return found(token === null ? null : text.span(token, token));
      });
  },
};
