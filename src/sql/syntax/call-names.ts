import { isParts, type Parts, partsIn, queryIn } from './syntax-parts.ts';

/**
 * The node without the names in it that the parser takes for columns although they are part of a call: the path of a routine, as
 * in `finops.tax(x)`, which it takes for a method of a column, `DAY` in `SAFE.DATE_DIFF(a, b, DAY)`, and `e` in
 * `ARRAY_FILTER(items, e -> e > 1)`.
 */
export function withoutCallNames(node: Parts): Parts {
  const { lambda } = node;
  if (isParts(lambda)) {
    const names = partsIn(lambda['parameters']).map(({ name }) => String(name).toLowerCase());
    return { lambda: { body: withoutColumns(lambda['body'], new Set(names)) } };
  }
  const call = node['method_call'];
  if (isParts(call))
    return { method_call: isPath(call['this']) ? withoutPath(call) : withoutDatePart(call, 1) };
  for (const kind of FUNCTIONS) if (isParts(node[kind])) return { [kind]: withoutDatePart(node[kind], 0) };
  return node;
}

/** Calls that are kept by name: the parser knows date parts only where it knows the function, without SAFE and IGNORE NULLS. */
const FUNCTIONS = ['function', 'aggregate_function'] as const;

function withoutPath({ this: _path, ...others }: Parts): Parts {
  return others;
}

/** Names with dots between them. Only a column in parentheses can have a method. */
function isPath(part: unknown): boolean {
  if (!isParts(part)) return false;
  const { column, dot } = part;
  return isParts(column) || (isParts(dot) && isPath(dot['this']));
}

const TAKES_DATE_PART = /^(?:SAFE\.)?(?:(?:DATE|DATETIME|TIMESTAMP|TIME)_(?:TRUNC|DIFF)|LAST_DAY)$/i;

const DATE_PART =
  /^(?:MICROSECOND|MILLISECOND|SECOND|MINUTE|HOUR|DAY|WEEK|ISOWEEK|MONTH|QUARTER|YEAR|ISOYEAR)$/i;

/** @param before how many arguments stand before the name of a method */
function withoutDatePart(call: Parts, before: number): Parts {
  const name = nameOf(call);
  if (!TAKES_DATE_PART.test(name) || !Array.isArray(call['args'])) return call;
  const place = (/DIFF$/i.test(name) ? 2 : 1) - before;
  return {
    ...call,
    args: partsIn(call['args']).filter((argument, index) => index !== place || !isDatePart(argument)),
  };
}

function nameOf({ name, method }: Parts): string {
  return String(isParts(method) ? method['name'] : name);
}

/** `DAY`, or `WEEK(MONDAY)`. */
function isDatePart({ column, function: call }: Parts): boolean {
  if (isParts(call)) return /^WEEK$/i.test(nameOf(call));
  return (
    isParts(column) &&
    !isParts(column['table']) &&
    isParts(column['name']) &&
    DATE_PART.test(nameOf(column['name']))
  );
}

/** Without columns of these names, and fields of them, outside queries. */
function withoutColumns(part: unknown, names: ReadonlySet<string>): unknown {
  if (Array.isArray(part)) return part.map((item) => withoutColumns(item, names));
  if (!isParts(part) || queryIn(part) !== null) return part;
  const { column } = part;
  if (isParts(column)) {
    const row = isParts(column['table']) ? column['table'] : column['name'];
    return isParts(row) && names.has(nameOf(row).toLowerCase()) ? {} : part;
  }
  return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, withoutColumns(inner, names)]));
}
