import type { AntiPatternTexts } from './antipattern.ts';

export const ENGLISH: AntiPatternTexts = {
  'select-star': {
    title: 'Every column is selected',
    why: 'BigQuery bills every column that is read, in full. A star reads them all, including the widest.',
    instead: 'Name the columns that you need, or leave the wide ones out with `* EXCEPT (…)`.',
  },
  'select-distinct-star': {
    title: 'Whole rows are made distinct',
    why: 'Every column is read and billed, and rows are compared by all of them.',
    instead: 'Name the columns that make a row distinct, or group by its key.',
  },
  'no-partition-filter': {
    title: 'No filter on the partition column',
    why: 'The table is stored in partitions, by day for example, but without a filter on that column all of it is read and billed.',
    instead: 'Filter on a constant range of the partition column.',
  },
  'function-around-partition-column': {
    title: 'A function around the partition column',
    why: 'BigQuery skips partitions only if the column itself is compared. With most functions around it, BigQuery cannot tell which partitions are meant, and reads all.',
    instead: 'Compare the column itself with a range, and put the functions on the other side.',
  },
  'dynamic-predicate': {
    title: 'The partition filter is a subquery',
    why: 'The result of the subquery is not known before the query runs, so every partition is read and billed.',
    instead: 'Get the value first, in a separate query or a script variable, and filter by it as a constant.',
  },
  'unbounded-date-range': {
    title: 'A date range with one end',
    why: 'All history before a day is read, or everything since a fixed day, which grows each day.',
    instead: 'Give the range both ends, or start it a fixed time before today.',
  },
  'no-table-suffix-filter': {
    title: 'A wildcard reads every table',
    why: 'Every table whose name begins like this is read and billed, and each day may add one. BigQuery skips tables only by a constant condition on `_TABLE_SUFFIX`.',
    instead: 'Compare `_TABLE_SUFFIX` with constants, or name the tables more closely: `events_202601*`.',
  },
  'no-job-time-filter': {
    title: 'The whole history of jobs is read',
    why: 'INFORMATION_SCHEMA keeps half a year of jobs, by the day on which they were created. Without a filter on that time, all of it is read and billed.',
    instead: 'Filter on `creation_time`; in JOBS_TIMELINE, on `job_creation_time`.',
  },
  'limit-saves-no-bytes': {
    title: 'LIMIT saves no bytes',
    why: 'LIMIT reduces what is shown, not what is read: the columns are billed for every row of the table.',
    instead: 'Filter on the partition column, sample with TABLESAMPLE, or look at rows in the free preview.',
  },
  'not-cacheable': {
    title: 'The result cannot be cached',
    why: 'A function with a different result each time keeps BigQuery from caching the result: the same query is billed again each time it runs.',
    instead:
      'Let the tool insert the date as a constant, so that everybody who runs it on the same day shares one result.',
  },
  'cross-join': {
    title: 'Tables are multiplied with each other',
    why: 'Each row of one table is combined with each row of the other. Just ten thousand rows in each make a hundred million.',
    instead: 'Join on a condition, or reduce each table to few rows first.',
  },
  'join-order': {
    title: 'The join begins with a small table',
    why: 'BigQuery does not always find the best order by itself. It distributes the first table over its workers, so that should be the largest.',
    instead: 'Put the largest table first, then the others from small to large.',
  },
  'semi-join-without-aggregation': {
    title: 'IN over repeated values',
    why: 'The subquery returns the same values many times, and all of them are sent to the workers.',
    instead: 'Make them distinct: `IN (SELECT DISTINCT …)`.',
  },
  'cte-read-more-than-once': {
    title: 'A common table expression is read more than once',
    why: 'WITH only gives a query a name. BigQuery may run it again in each place that reads it.',
    instead: 'Read it in one place, or write it to a temporary table first.',
  },
  'order-by-without-limit': {
    title: 'Rows are sorted without LIMIT',
    why: 'One worker must sort all rows at the end, which is slow and can exceed its memory. Inside a query, the order is lost anyway.',
    instead: 'Add a LIMIT, or leave the sorting to the tool that shows the rows.',
  },
  'latest-record-by-analytic-function': {
    title: 'Rows are numbered to keep the first',
    why: 'All rows are sorted and numbered with all their columns, and nearly all of them are thrown away.',
    instead:
      'Let an aggregate pick the row: `ARRAY_AGG(t ORDER BY … LIMIT 1)[OFFSET(0)]`, or `MAX_BY` for one column.',
  },
  'exact-count-distinct': {
    title: 'An exact count of distinct values',
    why: 'Every value must be kept until the end to find duplicates.',
    instead: 'If one percent more or less does no harm, use `APPROX_COUNT_DISTINCT`.',
  },
  'regexp-where-like-serves': {
    title: 'A regular expression for plain text',
    why: 'The pattern is plain text, and searching for it with a regular expression costs more.',
    instead: 'Use `LIKE`, `STARTS_WITH` or `ENDS_WITH`.',
  },
  'string-comparison': {
    title: 'Values are compared as text',
    why: 'Every value is converted to text first, although numbers and dates compare faster, and text sorts differently: 9 comes after 10.',
    instead: 'Compare values in their own type, and convert the constant instead.',
  },
  'filter-order': {
    title: 'A text search comes before a cheap filter',
    why: 'BigQuery may evaluate conditions in the order in which they are written, and then searches text in rows that a later condition drops.',
    instead: 'Write comparisons with constants first, and text searches last.',
  },
  'temporary-table-not-dropped': {
    title: 'A temporary table is not dropped',
    why: 'It is stored, and billed, for up to a day after the script.',
    instead: 'Drop it at the end of the script.',
  },
  'persistent-table-dropped': {
    title: 'A permanent table is created only to be dropped',
    why: 'For days after it is dropped, the table is kept and billed for time travel and fail-safe.',
    instead: 'Make it a temporary table.',
  },
};
