import { type Detector, findingAt } from '../detector.ts';
import { readsStoredTable } from '../queries/rows.ts';

/**
 * A common table expression over stored tables that is read in more than one place: BigQuery may run it again for each.
 * BigQuery materializes recursive ones, so they are ignored.
 */
export const cteReadMoreThanOnce: Detector = {
  name: 'cte-read-more-than-once',
  find({ text, queries }) {
    return queries.commonTables
      .filter(({ recursive, references }) => !recursive && references > 1)
      .filter(({ query }) =>
        query.selects.some(({ sources }) => sources.some((source) => readsStoredTable(source))),
      )
      .flatMap(({ name }) => {
        const token = text.tokenAt(name);
        return findingAt(token === null ? null : text.span(token, token));
      });
  },
};
