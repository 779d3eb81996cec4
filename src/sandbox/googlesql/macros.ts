/**
 * GoogleSQL functions that DuckDB does not have, or has with another meaning, as DuckDB macros. The rewrites call them by
 * these names. DuckDB expands them before planning, so that constant folding and pruning see through them.
 */
export const MACROS: readonly string[] = [
  // Division by zero is an error in GoogleSQL; DuckDB returns infinity.
  `bq_divide(a, b) AS CASE WHEN b = 0 THEN error('division by zero') ELSE a / b END`,

  'bq_float(text) AS CAST(text AS DOUBLE)',

  // Time. Time zones come last, as in GoogleSQL; a TIMESTAMP is an instant, a DATETIME what a wall clock shows.
  'bq_date(x) AS CAST(x AS DATE)',
  'bq_time(x) AS CAST(x AS TIME)',
  'bq_date_in(instant, zone) AS CAST(timezone(zone, instant) AS DATE)',
  'bq_datetime_in(instant, zone) AS timezone(zone, instant)',
  'bq_plus(x, length) AS x + length',
  'bq_minus(x, length) AS x - length',
  // In DuckDB, a date plus an interval is a TIMESTAMP.
  'bq_date_plus(x, length) AS CAST(x + length AS DATE)',
  'bq_date_minus(x, length) AS CAST(x - length AS DATE)',
  'bq_interval_microsecond(n) AS to_microseconds(n)',
  'bq_interval_millisecond(n) AS to_milliseconds(n)',
  'bq_interval_second(n) AS to_seconds(n)',
  'bq_interval_minute(n) AS to_minutes(n)',
  'bq_interval_hour(n) AS to_hours(n)',
  'bq_interval_day(n) AS to_days(CAST(n AS INTEGER))',
  'bq_interval_week(n) AS to_days(CAST(7 * n AS INTEGER))',
  'bq_interval_month(n) AS to_months(CAST(n AS INTEGER))',
  'bq_interval_quarter(n) AS to_months(CAST(3 * n AS INTEGER))',
  'bq_interval_year(n) AS to_months(CAST(12 * n AS INTEGER))',
  'bq_date_trunc(unit, x) AS CAST(date_trunc(unit, x) AS DATE)',
  'bq_trunc(unit, x) AS date_trunc(unit, x)',
  'bq_trunc_in(unit, instant, zone) AS timezone(zone, date_trunc(unit, timezone(zone, instant)))',
  "bq_week_trunc(shift, x) AS date_trunc('week', x + to_days(shift)) - to_days(shift)",
  "bq_week_trunc_date(shift, x) AS CAST(date_trunc('week', x + to_days(shift)) - to_days(shift) AS DATE)",
  "bq_week_trunc_in(shift, instant, zone) AS timezone(zone, date_trunc('week', timezone(zone, instant) + to_days(shift)) - to_days(shift))",
  // Whole units that have passed, whereas DuckDB's date_diff counts boundaries crossed.
  'bq_elapsed(unit, later, earlier) AS date_sub(unit, earlier, later)',
  'bq_day_of_week(x) AS dayofweek(x) + 1',
  "bq_week(x) AS CAST(strftime(x, '%U') AS BIGINT)",
  // DuckDB counts the seconds in.
  "bq_millisecond(x) AS date_part('millisecond', x) % 1000",
  "bq_microsecond(x) AS date_part('microsecond', x) % 1000000",
  'bq_format(format, x) AS strftime(x, format)',
  'bq_format_in(format, instant, zone) AS strftime(timezone(zone, instant), format)',
  'bq_parse_date(format, s) AS CAST(strptime(s, format) AS DATE)',
  'bq_parse_datetime(format, s) AS strptime(s, format)',
  "bq_parse_timestamp(format, s) AS timezone('UTC', strptime(s, format))",
  'bq_parse_timestamp_in(format, s, zone) AS timezone(zone, strptime(s, format))',
  'bq_safe_parse_date(format, s) AS CAST(try_strptime(s, format) AS DATE)',
  "bq_safe_parse_timestamp(format, s) AS timezone('UTC', try_strptime(s, format))",
  "bq_timestamp_seconds(n) AS timezone('UTC', make_timestamp(n * 1000000))",
  "bq_timestamp_millis(n) AS timezone('UTC', make_timestamp(n * 1000))",
  "bq_timestamp_micros(n) AS timezone('UTC', make_timestamp(n))",

  // Text and JSON.
  'bq_byte_length(x) AS strlen(x)',
  // DuckDB's CONCAT leaves out nulls.
  'bq_concat(a, b) AS a || b',
  'bq_md5(x) AS unhex(md5(x))',
  'bq_regexp_contains(x, pattern) AS regexp_matches(x, pattern)',
  // Without a match, DuckDB's regexp_extract returns an empty text.
  'bq_regexp_extract(x, pattern, capture) AS CASE WHEN regexp_matches(x, pattern) THEN regexp_extract(x, pattern, capture) END',
  'bq_regexp_extract_all(x, pattern, capture) AS regexp_extract_all(x, pattern, capture)',
  "bq_regexp_replace(x, pattern, replacement) AS regexp_replace(x, pattern, replacement, 'g')",
  // Positions before the first character mean the first.
  `bq_first(x, start) AS CASE WHEN start = 0 OR start < -length(x) THEN 1 ELSE start END`,
  'bq_substring(x, start) AS substring(x, bq_first(x, start))',
  'bq_substring_of_length(x, start, size) AS substring(x, bq_first(x, start), size)',
  // JSON_VALUE is null for anything but a scalar.
  "bq_json_value(j, path) AS CASE WHEN json_type(j, path) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(j, path) END",
  'bq_json_query(j, path) AS json_extract(j, path)',

  // A model's answer.
  "bq_ai_generate() AS {'result': 'a made-up answer', 'full_response': CAST('{}' AS JSON), 'status': ''}",

  // Elements of arrays; DuckDB returns null for one that does not exist.
  `bq_at_offset(list, i) AS CASE WHEN i < 0 OR i >= len(list) THEN error('Array index ' || i || ' is out of bounds') ELSE list[i + 1] END`,
  `bq_at_ordinal(list, i) AS CASE WHEN i < 1 OR i > len(list) THEN error('Array index ' || i || ' is out of bounds') ELSE list[i] END`,

  // The elements of an array with their offsets, for UNNEST … WITH OFFSET.
  'bq_elements(list) AS unnest(list)',
  'bq_offsets(list) AS generate_subscripts(list, 1) - 1',
];
