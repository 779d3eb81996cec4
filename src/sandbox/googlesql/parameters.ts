import type { QueryParameter, QueryParameterType, QueryParameterValue } from '../warehouse.ts';
import { call, text } from './expressions.ts';
import { invalidQuery, parseExpression } from './parse.ts';
import { type Body, identifier, rewriteBodies, rewriteTree } from './tree.ts';

/**
 * Replaces query parameters by their values, so that the plan sees constants and can prune partitions by them, as
 * BigQuery does.
 * @throws BigQueryError `invalidQuery` for a parameter without a value
 */
export function bindParameters(statement: unknown, parameters: readonly QueryParameter[]): unknown {
  let position = 0;
  return rewriteTree(rewriteBodies(statement, putWithFirst), (type, body) => {
    if (type === 'placeholder') {
      const parameter = parameters[position];
      position += 1;
      if (parameter === undefined) throw invalidQuery(`Query parameter number ${position} is not given`);
      return literalOf(parameter);
    }
    if (type !== 'column') return null;
    const name = parameterName(body['name']);
    if (name !== null) return literalOf(findParameter(parameters, name));
    const record = parameterName(body['table']);
    return record === null
      ? null
      : memberOf(literalOf(findParameter(parameters, record)), identifier(body['name']) ?? '');
  });
}

/** Positional parameters are numbered as written, but the parser puts a WITH after what it precedes. */
function putWithFirst(body: Body): Body {
  return 'with' in body ? { with: body['with'], ...body } : body;
}

/** The parser takes `@name` for a column's name, and `@record.member` for a table's column. */
function parameterName(part: unknown): string | null {
  const name = identifier(part);
  return name?.startsWith('@') && !name.startsWith('@@') ? name.slice(1) : null;
}

function memberOf(record: unknown, member: string): unknown {
  return call('struct_extract', [record, text(member)]);
}

function findParameter(parameters: readonly QueryParameter[], name: string): QueryParameter {
  const found = parameters.find((parameter) => parameter.name?.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw invalidQuery(`Query parameter '${name}' not found`);
  return found;
}

function literalOf({ parameterType, parameterValue }: QueryParameter): unknown {
  return parseExpression(parameterSql(parameterType, parameterValue));
}

/** A parameter's value in GoogleSQL, including its type. */
function parameterSql(type: QueryParameterType, value: QueryParameterValue): string {
  if (type.type === 'ARRAY') {
    const { arrayType } = type;
    if (arrayType === undefined) throw invalidQuery('A parameter of type ARRAY needs an arrayType');
    const items = (value.arrayValues ?? []).map((item) => parameterSql(arrayType, item));
    return items.length === 0 ? `CAST([] AS ${typeName(type)})` : `[${items.join(', ')}]`;
  }
  if (type.type === 'STRUCT') {
    const members = (type.structTypes ?? []).map(({ name, type: member }) => {
      const text = parameterSql(member, value.structValues?.[name ?? ''] ?? { value: null });
      return name === undefined ? text : `${text} AS ${quoteName(name)}`;
    });
    return `STRUCT(${members.join(', ')})`;
  }
  if (value.value === undefined || value.value === null) return `CAST(NULL AS ${typeName(type)})`;
  if (type.type === 'BYTES') return `FROM_BASE64(${quoteText(value.value)})`;
  return type.type === 'STRING'
    ? quoteText(value.value)
    : `CAST(${quoteText(value.value)} AS ${typeName(type)})`;
}

function typeName(type: QueryParameterType): string {
  if (type.type === 'ARRAY')
    return `ARRAY<${type.arrayType === undefined ? 'STRING' : typeName(type.arrayType)}>`;
  if (!/^[A-Z0-9]+$/.test(type.type)) throw invalidQuery(`Unknown parameter type ${type.type}`);
  return type.type;
}

function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '')}\``;
}

/** A string literal in which every character that could end it, or be read as an escape, is escaped. */
function quoteText(value: string): string {
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return `'${escaped}'`;
}
