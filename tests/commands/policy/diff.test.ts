import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readPolicyFolderAt } from '../../../src/commands/policy/diff/at-revision.ts';
import { comparisonAsJson, comparisonAsMarkdown } from '../../../src/commands/policy/diff/formats.ts';
import { diffPolicies } from '../../../src/policy/diff/diff.ts';
import { readPolicyFolder } from '../../../src/policy/document/folder.ts';
import { readSections } from '../../../src/policy/document/sections.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const run = promisify(execFile);

async function edited(file: string, edit: (text: string) => string) {
  const { files } = await readPolicyFolder('policies');
  const after = files.map((one) => (one.file.endsWith(file) ? { ...one, text: edit(one.text) } : one));
  return {
    before: 'old',
    after: 'new',
    diff: diffPolicies(readSections(files), readSections(after), 0),
    replay: null,
  };
}

test('the Markdown has sums first, then a table for each section, with growth and effect', async () => {
  const compared = await edited('atendimento.yaml', (text) =>
    text.replace('mode: deny', 'mode: warn').replace('limit: 20 GiB', 'limit: 30 GiB'),
  );
  expect(comparisonAsMarkdown(compared)).toBe(`### Policy diff: \`old\` → \`new\`

**1 rule changed, 1 budget changed.** 0 changes tighten and 2 loosen what runs.

#### Rules

|  | Name | What | Before | After | Effect |
| --- | --- | --- | --- | --- | --- |
| ✏️ | **no-star-over-messages** | mode | deny | warn | 🔓 loosens |

#### Budgets

|  | Name | What | Before | After | Effect |
| --- | --- | --- | --- | --- | --- |
| ✏️ | **atendimento-day** | limit | 20 GiB | 30 GiB (+50 %) | 🔓 loosens |
`);
});

test('a vertical bar in a condition does not end its table cell', async () => {
  const compared = await edited('common.yaml', (text) =>
    text.replace('"!query.read"', '"!query.read || query.star"'),
  );
  expect(comparisonAsMarkdown(compared)).toContain('`!query.read \\|\\| query.star` |');
});

test('for lists, added and removed items are shown', async () => {
  const compared = await edited('finops.yaml', (text) => text.replace('metabase-finops@', 'metabase-new@'));
  expect(comparisonAsMarkdown(compared)).toContain(
    '| principals | − metabase-finops@guardrail-demo.iam.gserviceaccount.com | + metabase-new@guardrail-demo.iam.gserviceaccount.com |',
  );
});

test('the absence of changes is stated', async () => {
  const compared = await edited('finops.yaml', (text) => `${text}\n# a remark\n`);
  expect(comparisonAsMarkdown(compared)).toContain('No change in what the policy means.');
  expect(JSON.parse(comparisonAsJson(compared))).toMatchObject({ isSame: true, changes: [], moves: [] });
});

test('the files of a git revision are read as of that revision, whatever the folder holds now', async () => {
  const repository = await temporaryFolder();
  const folder = join(repository, 'conf', 'policies');
  await cp('policies', folder, { recursive: true });
  const git = (...words: readonly string[]) => run('git', ['-C', repository, ...words]);
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'policies');
  const before = await readPolicyFolder(folder);
  await writeFile(
    join(folder, 'finops.yaml'),
    `${await readFile(join(folder, 'finops.yaml'), 'utf8')}\n# edited\n`,
  );

  expect(await readPolicyFolderAt('main', folder)).toEqual(before);
  await expect(readPolicyFolderAt('nowhere', folder)).rejects.toThrow('of revision nowhere cannot be read');
  await expect(readPolicyFolderAt('--help', folder)).rejects.toThrow('of revision --help cannot be read');
  await expect(readPolicyFolderAt('main', repository)).rejects.toThrow('holds no policy file');
});
