import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { plainSql } from '../tokens/plain-sql.ts';

/*
 * The package's module for `import` gets its WebAssembly by `fetch`, which loads an HTTP client and copies the 23 MB: a
 * tenth of a second, and 40 MiB, in each process that reads. Its CommonJS reads the file.
 */
const polyglot: typeof import('@polyglot-sql/sdk') = createRequire(import.meta.url)('@polyglot-sql/sdk');

// Most of its functions are never called: each is checked when it is first, not all of them before any.
setFlagsFromString('--wasm-lazy-validation');
await polyglot.init();

/** The SQL parser, ready to parse: verbatim for who prints what was parsed, who else takes `parse`. */
export const { ast, Dialect, generate, parse: parseVerbatim } = polyglot;

/** Parses SQL in its plain form, which the parser knows: places in it are those of the SQL as it was given. */
export const parse: typeof polyglot.parse = (sql, dialect) => polyglot.parse(plainSql(sql), dialect);

export const openLineageColumnLineage: typeof polyglot.openLineageColumnLineage = (sql, options) =>
  polyglot.openLineageColumnLineage(plainSql(sql), options);
