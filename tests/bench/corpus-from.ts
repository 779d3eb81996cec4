/**
 * Makes a corpus of the `.sql` files of a folder, such as a public repository's checkout, and writes it as the JSON
 * that `npm run bench:corpus` reads: `node tests/bench/corpus-from.ts FOLDER > FILE`. A query that stands in several
 * files is taken once. The kind of each is `select`, `script`, `template` (Jinja or other placeholders, which are no
 * SQL before they are filled in), or the keywords that it begins with.
 */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Token, tokensOf } from '../../src/sql/tokens/tokens.ts';

const PLACEHOLDER = /\{\{|\{%|\$\{|<%/;

/** Keywords that say which of several statements this is: `CREATE OR REPLACE TABLE` is a `create table`. */
const SUBJECTS = new Set(['table', 'view', 'function', 'procedure', 'model', 'schema', 'index']);

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name a folder: node tests/bench/corpus-from.ts FOLDER > FILE');
const seen = new Set<string>();
const corpus = [];
const sources: string[] = [];
for await (const source of glob('**/*.sql', { cwd: folder })) sources.push(source);
for (const source of sources.toSorted()) {
  const sql = await readFile(join(folder, source), 'utf8');
  if (seen.has(sql)) continue;
  seen.add(sql);
  corpus.push({ source, kind: kindOf(sql), sql });
}
console.log(JSON.stringify(corpus, null, 1));

function kindOf(sql: string): string {
  if (PLACEHOLDER.test(sql)) return 'template';
  const tokens = [...tokensOf(sql)].filter(({ space }) => space === undefined);
  const end = tokens.findIndex(({ whole }) => whole === ';');
  if (end !== -1 && tokens.slice(end).some(({ whole }) => whole !== ';')) return 'script';
  const words = tokens.slice(0, 8).map(({ whole }: Token) => whole.toLowerCase());
  const first = words.find((word) => word !== '(') ?? 'empty';
  if (first === 'select' || first === 'with' || first === 'from') return 'select';
  const subject = words.find((word) => SUBJECTS.has(word));
  return first === 'create' && subject !== undefined ? `create ${subject}` : first;
}
