import { notImplemented } from '../not-implemented.ts';
import { type Body, rewriteBodies, rewriteTree } from './tree.ts';

/**
 * The transpiler takes GoogleSQL's NUMERIC for a decimal of 18 digits, and its TIMESTAMP for one without a time zone.
 * These types therefore go through it under stand-in names that it leaves alone, and get DuckDB's names afterwards.
 */
const STAND_INS: readonly { readonly standIn: string; readonly duckdbType: string }[] = [
  { standIn: 'BQ_TYPE_NUMERIC', duckdbType: 'DECIMAL(38, 9)' },
  { standIn: 'BQ_TYPE_TIMESTAMP', duckdbType: 'TIMESTAMPTZ' },
];

/** The tree with stand-ins for the types that the transpiler would lose. */
export function hideDataTypes(statement: unknown): unknown {
  const typed = rewriteBodies(statement, (body) => standInFor(body) ?? body);
  return rewriteTree(typed, (type, body) =>
    type === 'literal' && body['literal_type'] === 'timestamp' ? timestampLiteral(body) : null,
  );
}

/** DuckDB's SQL with the stand-ins replaced. */
export function showDataTypes(duckdbSql: string): string {
  return STAND_INS.reduce((sql, { standIn, duckdbType }) => sql.replaceAll(standIn, duckdbType), duckdbSql);
}

function standInFor(body: Body): Body | null {
  if (body['data_type'] === 'decimal' && typeof body['precision'] !== 'number')
    return custom('BQ_TYPE_NUMERIC');
  if (body['data_type'] === 'timestamp') return custom('BQ_TYPE_TIMESTAMP');
  if (body['data_type'] === 'custom' && String(body['name']).toUpperCase() === 'BIGNUMERIC') {
    throw notImplemented('the type BIGNUMERIC');
  }
  return null;
}

function timestampLiteral(body: Body): Body {
  return {
    cast: {
      this: { literal: { literal_type: 'string', value: body['value'] } },
      to: custom('BQ_TYPE_TIMESTAMP'),
      trailing_comments: [],
      double_colon_syntax: false,
    },
  };
}

function custom(name: string): Body {
  return { data_type: 'custom', name };
}
