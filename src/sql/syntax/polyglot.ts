import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { plainNotLike } from '../mending/plain-not-like.ts';
import { plainRanges } from '../mending/plain-ranges.ts';
import { plainSql } from '../mending/plain-sql.ts';

/**
 * The package's ES module loads its WebAssembly through `fetch`, which loads an HTTP client and copies the 23 MB: a
 * tenth of a second, and 40 MiB, in each reading process. The CommonJS version reads the file.
 */
const polyglot: typeof import('@polyglot-sql/sdk') = createRequire(import.meta.url)('@polyglot-sql/sdk');

// Most of its functions are never called, so each is validated on its first call instead of all in advance.
setFlagsFromString('--wasm-lazy-validation');
await polyglot.init();

/** The SQL parser, ready to use. Use `parseVerbatim` to print what was parsed, and `parse` otherwise. */
export const { ast, Dialect, generate, parse: parseVerbatim } = polyglot;

/** Parses SQL in its plain form, which the parser understands: offsets are those of `plainSql`, in characters. */
export const parse: typeof polyglot.parse = (sql, dialect) =>
  polyglot.parse(withoutLastSemicolon(plainRanges(plainNotLike(plainSql(sql)))), dialect);

/** Polyglot takes one right after a name with a hyphen for a part of the name, as in `FROM my-table;`. */
function withoutLastSemicolon(sql: string): string {
  return sql.trimEnd().endsWith(';') ? sql.slice(0, sql.lastIndexOf(';')) : sql;
}

export const openLineageColumnLineage: typeof polyglot.openLineageColumnLineage = (sql, options) =>
  polyglot.openLineageColumnLineage(plainSql(sql), options);
