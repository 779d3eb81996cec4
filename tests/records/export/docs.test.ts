import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type ColumnKind, columns } from '../../../src/records/export/columns.ts';

const TYPES: Readonly<Record<ColumnKind, string>> = {
  text: 'text',
  integer: 'int64',
  instant: 'timestamp',
  truth: 'boolean',
  number: 'double',
  texts: 'list of text',
};

test('the documentation lists every column with its type and meaning, in order', async () => {
  const docs = await readFile('docs/records.md', 'utf8');

  const [, table = ''] = docs.split('| Column | Type | |\n|---|---|---|\n');

  const rows = columns.map(({ name, kind, meaning }) => `| \`${name}\` | ${TYPES[kind]} | ${meaning} |\n`);
  expect(table.split('\n\n')[0]).toBe(rows.join('').trimEnd());
});
