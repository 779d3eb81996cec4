import type { AntiPatternTexts } from './text.ts';

export const ENGLISH: AntiPatternTexts = {
  'select-star': {
    title: 'Every column is selected',
    why: 'BigQuery bills each column that is read, whole. A star reads them all, the widest too.',
    instead: 'Name the columns that you need, or leave the wide ones out by `* EXCEPT (…)`.',
  },
  'select-distinct-star': {
    title: 'Whole rows are made distinct',
    why: 'Every column is read and billed, and each row is compared with the others by all of them.',
    instead: 'Name the columns that make a row distinct, or group by its key.',
  },
  'no-partition-filter': {
    title: 'No filter on the partition column',
    why: 'The table is stored by day or the like, but without a filter on that column all of it is read and billed.',
    instead: 'Filter the partition column by a constant range.',
  },
  'function-around-partition-column': {
    title: 'A function around the partition column',
    why: 'BigQuery leaves partitions out only where the column itself is compared. Behind most functions it cannot tell which partitions are meant, and reads all.',
    instead: 'Compare the column itself with a range, and put the functions on the other side.',
  },
  'dynamic-predicate': {
    title: 'The partition filter is a subquery',
    why: 'What the subquery finds is not known before the query runs, so every partition is read and billed.',
    instead:
      'Ask for the value first, in a query or a script variable of its own, and filter by it as a constant.',
  },
  'unbounded-date-range': {
    title: 'A date range with one end',
    why: 'All history before a day is read, or all since a fixed day, which is more each day.',
    instead: 'Give the range both ends, or begin it a fixed time before today.',
  },
  'limit-saves-no-bytes': {
    title: 'LIMIT saves no bytes',
    why: 'LIMIT cuts what is shown, not what is read: the columns are billed for every row of the table.',
    instead: 'Filter by a partition, sample by TABLESAMPLE, or look at rows in the free preview.',
  },
  'not-cacheable': {
    title: 'The result cannot be cached',
    why: 'A function that answers differently each time keeps BigQuery from caching the result: the same query is billed anew each time it is asked.',
    instead:
      'Let the tool put in the date as a constant, so that all who ask on the same day share one result.',
  },
  'cross-join': {
    title: 'Tables are multiplied with each other',
    why: 'Each row of one table is put beside each row of the other. A mere ten thousand rows of each make a hundred million.',
    instead: 'Join by a condition, or bring each table down to few rows first.',
  },
  'join-order': {
    title: 'The join begins with a small table',
    why: 'BigQuery does not always find the best order by itself. The first table is spread over its workers, and should be the largest.',
    instead: 'Put the largest table first, and the others behind it from small to large.',
  },
  'semi-join-without-aggregation': {
    title: 'IN over repeated values',
    why: 'The subquery gives the same values many times, and all of them are sent to the workers.',
    instead: 'Make them distinct: `IN (SELECT DISTINCT …)`.',
  },
  'cte-read-more-than-once': {
    title: 'A common table is read more than once',
    why: 'WITH only gives a query a name. BigQuery may run it anew in each place that reads it.',
    instead: 'Read it in one place, or write it to a temporary table first.',
  },
  'order-by-without-limit': {
    title: 'Rows are sorted without LIMIT',
    why: 'One worker must sort all rows at the end, which is slow and can exceed its memory. Inside of a query the order is lost anyway.',
    instead: 'Add a LIMIT, or leave the sorting to the tool that shows the rows.',
  },
  'latest-record-by-analytic-function': {
    title: 'Rows are numbered to keep the first',
    why: 'All rows are sorted and numbered with all their columns, and nearly all are thrown away.',
    instead:
      'Let an aggregate pick the row: `ARRAY_AGG(t ORDER BY … LIMIT 1)[OFFSET(0)]`, or `MAX_BY` for one column.',
  },
  'exact-count-distinct': {
    title: 'An exact count of distinct values',
    why: 'Each value must be kept until the end to be told from the others.',
    instead: 'Where one percent more or less does no harm, use `APPROX_COUNT_DISTINCT`.',
  },
  'regexp-where-like-serves': {
    title: 'A regular expression for plain text',
    why: 'The pattern is plain text, and a regular expression costs more to look for it.',
    instead: 'Use `LIKE`, `STARTS_WITH` or `ENDS_WITH`.',
  },
  'string-comparison': {
    title: 'Values are compared as text',
    why: 'Each row is made a text first, numbers and dates compare faster as they are, and text sorts differently: 9 comes after 10.',
    instead: 'Compare values in their own type, and convert the constant.',
  },
  'filter-order': {
    title: 'A text search stands before a cheap filter',
    why: 'BigQuery may try conditions in the order in which they are written, and then searches text in rows that a later condition drops.',
    instead: 'Write comparisons with constants first, and text searches last.',
  },
  'temporary-table-not-dropped': {
    title: 'A temporary table is not dropped',
    why: 'It is stored, and billed, for up to a day after the script.',
    instead: 'Drop it at the end of the script.',
  },
  'persistent-table-dropped': {
    title: 'A lasting table is made only to be dropped',
    why: 'What is dropped is kept, and billed, for time travel and fail-safe for days.',
    instead: 'Make it a temporary table.',
  },
};
