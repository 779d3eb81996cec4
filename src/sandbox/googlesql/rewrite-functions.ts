import { notImplemented } from '../not-implemented.ts';
import { call, number, text } from './expressions.ts';
import { parseSource } from './parse.ts';
import { refuseToSearchBackwards, rewriteLike, rewriteSubstring, TEXT_FUNCTIONS } from './text-functions.ts';
import {
  type Body,
  identifier,
  isBody,
  nodeOf,
  type Rewrite,
  rewriteBodies,
  rewriteTree,
  stringLiteral,
} from './tree.ts';

/**
 * Turns calls of functions whose meaning the transpiler would lose into calls of the sandbox's macros. This is done
 * before the transpiler, which leaves unknown names alone.
 */
export function rewriteFunctions(statement: unknown): unknown {
  return rewriteTree(statement, rewriteNode);
}

const rewriteNode: Rewrite = (type, body) => {
  switch (type) {
    case 'function':
      return rewriteFunction(body);
    case 'method_call':
      return rewriteGeneration(body);
    case 'interval':
      return rewriteInterval(body);
    case 'literal':
      return rewriteLiteral(body);
    case 'div':
      return call('bq_divide', [body['left'], body['right']]);
    case 'extract':
      return rewriteExtract(body);
    case 'json_value':
    case 'json_extract_scalar':
      return call('bq_json_value', [body['this'], body['path']]);
    case 'json_query':
    case 'json_extract':
      return call('bq_json_query', [body['this'], body['path']]);
    case 'unnest':
      return rewriteUnnest(body);
    case 'subscript':
      return rewriteSubscript(body);
    case 'substring':
      return rewriteSubstring(body);
    case 'like':
      return rewriteLike(body);
    case 'str_position':
      return refuseToSearchBackwards(body);
    default:
      return null;
  }
};

/** By function name: the equivalent call for DuckDB, or null if the transpiler gets it right. */
const FUNCTIONS: Readonly<Record<string, (args: readonly unknown[]) => unknown | null>> = {
  ...TEXT_FUNCTIONS,
  DATE: ([x, zone, day]) => (zone === undefined || day !== undefined ? null : call('bq_date_in', [x, zone])),
  DATETIME: (args) => (args.length === 2 ? call('bq_datetime_in', args) : null),
  DATE_ADD: (args) => call('bq_date_plus', args),
  DATE_SUB: (args) => call('bq_date_minus', args),
  DATETIME_ADD: (args) => call('bq_plus', args),
  DATETIME_SUB: (args) => call('bq_minus', args),
  TIMESTAMP_ADD: (args) => call('bq_plus', args),
  TIMESTAMP_SUB: (args) => call('bq_minus', args),
  DATE_TRUNC: ([x, part]) => dateTruncation(x, part),
  DATETIME_TRUNC: ([x, part]) => truncation(x, part, undefined),
  TIMESTAMP_TRUNC: ([x, part, zone]) => truncation(x, part, zone),
  TIMESTAMP_DIFF: ([later, earlier, part]) => call('bq_elapsed', [text(partName(part)), later, earlier]),
  FORMAT_DATE: ([format, x]) => call('bq_format', [rewriteFormat(format), x]),
  FORMAT_DATETIME: ([format, x]) => call('bq_format', [rewriteFormat(format), x]),
  FORMAT_TIMESTAMP: ([format, x, zone]) => inZone('bq_format', [rewriteFormat(format), x], zone),
  PARSE_DATE: ([format, x]) => call('bq_parse_date', [rewriteFormat(format), x]),
  PARSE_DATETIME: ([format, x]) => call('bq_parse_datetime', [rewriteFormat(format), x]),
  PARSE_TIMESTAMP: ([format, x, zone]) => inZone('bq_parse_timestamp', [rewriteFormat(format), x], zone),
  'SAFE.PARSE_DATE': ([format, x]) => call('bq_safe_parse_date', [rewriteFormat(format), x]),
  'SAFE.PARSE_TIMESTAMP': ([format, x]) => call('bq_safe_parse_timestamp', [rewriteFormat(format), x]),
  TIMESTAMP_SECONDS: (args) => call('bq_timestamp_seconds', args),
  TIMESTAMP_MILLIS: (args) => call('bq_timestamp_millis', args),
  TIMESTAMP_MICROS: (args) => call('bq_timestamp_micros', args),
  GENERATE_ARRAY: (args) => call('generate_series', args),
  BYTE_LENGTH: (args) => call('bq_byte_length', args),
  SPLIT: ([x, separator]) => (separator === undefined ? call('SPLIT', [x, text(',')]) : null),
};

function rewriteFunction(body: Body): unknown | null {
  const name = String(body['name']).toUpperCase();
  const args = Array.isArray(body['args']) ? body['args'] : [];
  const replacement = FUNCTIONS[name]?.(args) ?? null;
  if (replacement === null && name.startsWith('SAFE.')) throw notImplemented(`the function ${name}`);
  return replacement;
}

/** `AI.GENERATE(prompt, …)`: nothing is asked outside of the sandbox, and every answer is the same. */
function rewriteGeneration(body: Body): unknown | null {
  const namespace = nodeOf(body['this']);
  const isGeneration =
    namespace?.type === 'column' &&
    identifier(namespace.body['name'])?.toUpperCase() === 'AI' &&
    identifier(body['method'])?.toUpperCase() === 'GENERATE';
  return isGeneration ? call('bq_ai_generate', []) : null;
}

/** The days between each week's start and Monday, where DuckDB's weeks start. */
const WEEK_SHIFTS: Readonly<Record<string, number>> = {
  WEEK: 1,
  ISOWEEK: 0,
  'WEEK(SUNDAY)': 1,
  'WEEK(MONDAY)': 0,
  'WEEK(TUESDAY)': 6,
  'WEEK(WEDNESDAY)': 5,
  'WEEK(THURSDAY)': 4,
  'WEEK(FRIDAY)': 3,
  'WEEK(SATURDAY)': 2,
};

function dateTruncation(x: unknown, part: unknown): unknown {
  const name = partName(part);
  const shift = WEEK_SHIFTS[name];
  return shift === undefined
    ? call('bq_date_trunc', [text(name), x])
    : call('bq_week_trunc_date', [number(shift), x]);
}

function truncation(x: unknown, part: unknown, zone: unknown): unknown {
  const name = partName(part);
  const shift = WEEK_SHIFTS[name];
  if (shift === undefined) return inZone('bq_trunc', [text(name), x], zone);
  return zone === undefined
    ? call('bq_week_trunc', [number(shift), x])
    : call('bq_week_trunc_in', [number(shift), x, zone]);
}

/** `MONTH`, `WEEK(MONDAY)`: a date part as GoogleSQL names it. */
function partName(part: unknown): string {
  const node = nodeOf(part);
  if (node?.type === 'var') return String(node.body['this']).toUpperCase();
  if (node?.type === 'column') return (identifier(node.body['name']) ?? '').toUpperCase();
  if (node?.type === 'function' && Array.isArray(node.body['args'])) {
    return `${String(node.body['name']).toUpperCase()}(${partName(node.body['args'][0])})`;
  }
  throw notImplemented('a date part of this form');
}

/** Fields of EXTRACT that DuckDB counts differently, or does not have. */
const EXTRACTED: Readonly<Record<string, string>> = {
  DATE: 'bq_date',
  TIME: 'bq_time',
  DAYOFWEEK: 'bq_day_of_week',
  WEEK: 'bq_week',
  ISOWEEK: 'week',
  ISOYEAR: 'isoyear',
  MILLISECOND: 'bq_millisecond',
  MICROSECOND: 'bq_microsecond',
};

function rewriteExtract(body: Body): unknown | null {
  const { field } = body;
  if (isBody(field) && !('Custom' in field))
    throw notImplemented('EXTRACT of weeks that start on another day');
  const macro = EXTRACTED[String(isBody(field) ? field['Custom'] : field).toUpperCase()];
  return macro === undefined ? null : call(macro, [body['this']]);
}

/** An interval as a function of its number of units, which may be any expression. */
function rewriteInterval(body: Body): unknown | null {
  const unit = isBody(body['unit']) && body['unit']['type'] === 'simple' ? body['unit']['unit'] : null;
  if (typeof unit !== 'string') throw notImplemented('intervals of several units');
  const literalText = stringLiteral(body['this']);
  return call(`bq_interval_${unit.toLowerCase()}`, [
    literalText === null ? body['this'] : number(Number(literalText)),
  ]);
}

/** `1.5` is a FLOAT64 in GoogleSQL, but a decimal in DuckDB. */
function rewriteLiteral(body: Body): unknown | null {
  const isFloat = body['literal_type'] === 'number' && /^[\d.]*(?:\.|[eE])/.test(String(body['value']));
  return isFloat ? call('bq_float', [text(String(body['value']))]) : null;
}

/** `UNNEST(list) AS x WITH OFFSET AS y` as a subquery with both columns. */
function rewriteUnnest(body: Body): unknown | null {
  if (body['with_ordinality'] !== true) return null;
  const columns: Readonly<Record<string, string>> = { [ELEMENT]: 'bq_elements', [OFFSET]: 'bq_offsets' };
  const source = parseSource(`(SELECT '${ELEMENT}' AS ${ELEMENT}, '${OFFSET}' AS ${OFFSET}) AS _unnested`);
  const names = new Map([
    [ELEMENT, identifier(body['alias']) ?? 'element'],
    [OFFSET, identifier(body['offset_alias']) ?? 'offset'],
  ]);
  const namedSource = rewriteBodies(source, (part) => {
    const name = names.get(identifier(part) ?? '');
    return name === undefined ? part : { ...part, name, quoted: true };
  });
  return rewriteTree(namedSource, (type, part) => {
    const macro = type === 'literal' ? columns[String(part['value'])] : undefined;
    return macro === undefined ? null : call(macro, [body['this']]);
  });
}

/** An element of an array by its number; what does not exist is an error, unless the number is a `SAFE_` one. */
function rewriteSubscript(body: Body): unknown | null {
  const position = nodeOf(body['index']);
  const args = position?.body['args'];
  if (position?.type !== 'function' || !Array.isArray(args)) return null;
  const macro = ELEMENTS[String(position.body['name']).toUpperCase()];
  return macro === undefined ? null : call(macro, [body['this'], ...args]);
}

const ELEMENTS: Readonly<Record<string, string>> = { OFFSET: 'bq_at_offset', ORDINAL: 'bq_at_ordinal' };

/** Placeholders in the subquery that replaces UNNEST. */
const ELEMENT = '_element';
const OFFSET = '_offset';

/** Elements of GoogleSQL's formats that strftime lacks, in its own. */
const FORMAT_SHORTHANDS: Readonly<Record<string, string>> = {
  '%F': '%Y-%m-%d',
  '%T': '%H:%M:%S',
  '%R': '%H:%M',
  '%D': '%m/%d/%y',
  '%E4Y': '%Y',
};
const FORMAT_ELEMENT = /%(?:E[\d*]?[YSf]|.)/g;
const UNSERVED_ELEMENT = /^%(?:Q|E(?!4Y)|e|s|k|l|P|t|n)/;

function rewriteFormat(format: unknown): unknown {
  const literalText = stringLiteral(format);
  if (literalText === null) throw notImplemented('formats that are no literals');
  const rewritten = literalText.replaceAll(FORMAT_ELEMENT, (element) => {
    if (UNSERVED_ELEMENT.test(element)) throw notImplemented(`the format '${literalText}'`);
    return FORMAT_SHORTHANDS[element] ?? element;
  });
  return text(rewritten);
}

function inZone(macro: string, args: readonly unknown[], zone: unknown): unknown {
  return zone === undefined ? call(macro, args) : call(`${macro}_in`, [...args, zone]);
}
