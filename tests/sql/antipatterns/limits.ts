import type { AntiPatternName } from '../../../src/vocabulary/antipatterns/antipattern.ts';

/** What is deliberately not reported, or not recognised, of each anti-pattern; each part shows in a case where it is not found. */
export const LIMITS: Readonly<Record<AntiPatternName, string>> = {
  'select-star':
    'Left alone: a star that is narrowed further out, in `EXISTS`, of `INFORMATION_SCHEMA`, in a view, or with `EXCEPT`. Not seen: a row named inside of a function, as in `TO_JSON_STRING(t)`.',
  'select-distinct-star':
    'Left alone: a star over a subquery or a common table, which may have few columns. Not seen: `UNION DISTINCT` of stars.',
  'no-partition-filter':
    'Found only where the partition column is known. Any condition on the column in WHERE or of a join that [keeps rows out](facts.md#what-counts-as-a-filter) counts as a filter of the table that it names, or of all where it names none, also beside an outer join; and in queries around as well, [as far as these reach](facts.md#how-far-a-filter-reaches): of a common table where each place that reads it has one. Whether it prunes is for the next three. Left alone: `COUNT(*)` and the like, which read no column, and `TABLESAMPLE` of at most 50 percent. Not seen: the targets of DELETE, UPDATE and MERGE.',
  'function-around-partition-column':
    'Found only where the partition column is known. Left alone: `DATE`, `TIMESTAMP`, `DATETIME`, their `…_TRUNC`, casts between them, and any function where the same column is also compared by itself. Not seen: arithmetic, CASE, and functions that are conditions by themselves.',
  'dynamic-predicate':
    'Found only where the partition column is known: a subquery that filters another column changes no bytes. Left alone: subqueries over no stored table, and where the same column is also compared with a constant.',
  'unbounded-date-range':
    'Found only where the partition column is known, and in WHERE joined by AND. Left alone: a range that begins at a parameter or a time before now, numbers, and columns of which anything else is said, in joins or in a query around as well.',
  'no-table-suffix-filter':
    'Any condition on `_TABLE_SUFFIX` that [keeps rows out](facts.md#what-counts-as-a-filter) counts, with a function around it too, unless every comparison of it in the same WHERE and joins is with a subquery or with a column: by these, BigQuery skips no table. Left alone: a name with four digits or more before the `*`, which says a year or a month; `COUNT(*)` and the like; `TABLESAMPLE` of at most 50 percent. Not seen: `TABLE_DATE_RANGE` and its like in legacy SQL, and wildcards in views.',
  'no-job-time-filter':
    'Found for `JOBS`, `JOBS_BY_…` and `JOBS_TIMELINE…`. Any condition on the column in WHERE or of a join that [keeps rows out](facts.md#what-counts-as-a-filter) counts, with a function around it too; one on `period_start`, `job_id` or `user_email` does not, since BigQuery skips no day by it. Left alone: `COUNT(*)` and the like. Not seen: views of your own over these.',
  'limit-saves-no-bytes':
    'Left alone: any filter, grouping or order, `TABLESAMPLE` of at most 50 percent, and a LIMIT above 100,000, which tools add by themselves. On a clustered table a LIMIT can save bytes; that is not looked at.',
  'not-cacheable':
    'Found are `CURRENT_DATE`, `CURRENT_TIME`, `CURRENT_DATETIME`, `CURRENT_TIMESTAMP`, `SESSION_USER`, `RAND` and `GENERATE_UUID` in a single query over stored tables. Left alone: scripts and statements that write. Not seen: routines that call such functions, wildcard tables.',
  'cross-join':
    'Left alone: `UNNEST` and arrays of the same row; grouped, distinct, limited or single rows; and sides that any condition ties, in WHERE or another ON, columns without a qualifier included.',
  'join-order':
    'Found only where the sizes of both tables are known, and the second has ten times the bytes of the first. Bytes stand for rows. Left alone: outer joins, subqueries and common tables.',
  'semi-join-without-aggregation':
    'Left alone: `EXISTS`, where DISTINCT would change nothing; set operations; subqueries that are grouped, limited, or read what already is.',
  'cte-read-more-than-once':
    'Left alone: common tables that read no stored table, and recursive ones, which BigQuery keeps.',
  'order-by-without-limit':
    'Left alone in an answer: grouped and distinct rows, which are few. Left alone everywhere: windows, aggregates, `ARRAY(SELECT … ORDER BY …)`, exports and views.',
  'latest-record-by-analytic-function':
    'Left alone: `QUALIFY`, and numbering without PARTITION BY. With RANK, ties keep several rows, which an aggregate would not. Not seen: a number that is passed through another subquery first.',
  'exact-count-distinct':
    'Left alone: counts in HAVING, where a threshold may need them exact. Whether an approximate figure serves is for people to say: this is a hint, not a fault.',
  'regexp-where-like-serves':
    'Found are patterns of plain text with `.*`, `^` and `$` at their ends. Left alone: any other, `%` and `_` included, which LIKE would take for wildcards. A `.` matches no line feed, which `%` does.',
  'string-comparison':
    'Found are casts to STRING and dates formatted from the year down, compared in WHERE or a join with a constant that reads as a number or a date, or with another such. Left alone: a cast to meet a column that is text.',
  'filter-order':
    'Found are `LIKE` that begins with a wildcard, `REGEXP_CONTAINS` and `CONTAINS_SUBSTR` before a column compared with a constant, in WHERE joined by AND. How many rows a condition drops is not known.',
  'temporary-table-not-dropped':
    'Left alone: a single statement, which is for a session whose later queries are not seen. A DROP in one branch of an IF counts as a drop.',
  'persistent-table-dropped':
    'Left alone: `DROP … ; CREATE …`, which refreshes a table, `IF NOT EXISTS`, and what is made again after its drop. Not seen: views, snapshots, external tables.',
};
