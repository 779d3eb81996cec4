import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadSettings } from '../../src/settings/load.ts';
import { settingsSchema } from '../../src/settings/settings.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fileWith, refusal } from './files.ts';
import { settings } from './parsing.ts';

describe('settings that cannot be used', () => {
  test('are reported all at once, each with what was expected', async () => {
    const file = await fileWith('listen: "8080"\nestimate_ttl: 0\nlog_level: loud\n');
    const environment = { GUARDRAIL_UPSTREAM: 'bigquery.googleapis.com', GUARDRAIL_MAX_QUERY_BODY: '10MB' };

    const message = await refusal(loadSettings(environment, { file }));

    expect(message.split('\n')).toEqual([
      'The settings cannot be used:',
      '  - listen: expected HOST:PORT, such as 127.0.0.1:8080',
      '  - upstream: expected an http or https address, such as https://bigquery.googleapis.com',
      '  - log_level: expected trace or debug or info or warn or error or silent',
      '  - max_query_body: expected a size such as 10 MiB',
      '  - estimate_ttl: expected more than 0 seconds',
    ]);
  });

  test('say what is expected if a value is of another kind', async () => {
    const file = await fileWith(
      'listen: 8080\nmax_query_body: 10\nrecords_keep: 400\npolicies: 7\nledger: ""\n',
    );

    const message = await refusal(loadSettings({}, { file }));

    expect(message.split('\n').slice(1)).toEqual([
      '  - listen: expected HOST:PORT, such as 127.0.0.1:8080',
      '  - policies: expected a text',
      '  - ledger: expected a text that is not empty',
      expect.stringMatching(/^ {2}- records_keep: expected "400 days"/),
      '  - max_query_body: expected a size such as 10 MiB',
    ]);
  });

  test.each([
    ['read_processes', '0', 'expected a whole number above 0'],
    ['read_processes', '1.5', 'expected a whole number above 0'],
    ['read_processes', '100000000000000000000', 'expected a whole number above 0'],
    [
      'console_url',
      'nonsense',
      'expected an http or https address without user, password, query and fragment',
    ],
  ])('say what is expected of %s instead of %s', async (key, value, expected) => {
    const file = await fileWith(`${key}: ${value}\n`);

    const message = await refusal(loadSettings({}, { file }));

    expect(message).toContain(`  - ${key}: ${expected}`);
  });

  test('include unknown keys, in the file or the environment, with the likely one, or else all', async () => {
    const file = await fileWith('listne: 127.0.0.1:8080\n');

    const message = await refusal(loadSettings({ GUARDRAIL_POLICY: 'x' }, { file }));

    const known = Object.keys(settingsSchema.shape).join(', ');
    expect(message).toContain('listne: there is no such setting; did you mean "listen"?\n');
    expect(message).toContain(`policy: there is no such setting; known are ${known}`);
  });

  test('include a named file that is missing or cannot be read', async () => {
    const missing = join(await temporaryFolder(), 'none.yaml');
    const notAFile = join(await temporaryFolder(), 'folder');
    await mkdir(notAFile);

    expect(await refusal(loadSettings({}, { file: missing }))).toContain(`${missing}: there is no such file`);
    expect(await refusal(loadSettings({}, { file: notAFile }))).toMatch(/folder: cannot be read: .*EISDIR/);
  });

  test('include a file that is not YAML or has a key twice', async () => {
    for (const text of ['listen: [', 'listen: a:1\nlisten: b:2\n']) {
      const file = await fileWith(text);

      expect(await refusal(loadSettings({}, { file }))).toContain(`${file}: is not YAML: `);
    }
  });

  test.each([
    ['a list that is never closed', 'listen: [\nlineage_token: hush-hush\n', 'line 2, column 1'],
    ['a key twice', 'lineage_token: hush-hush\nlineage_token: hush-hush\n', 'line 2, column 1'],
    ['a text that begins as a reference does', 'lineage_token: *hush-hush\n', 'put quotes around'],
    ['a text that begins as a tag does', 'lineage_token: !hush-hush\n', 'line 1, column 16'],
  ])('name the place in the file, but no text of it, which may be secret: %s', async (_what, text, place) => {
    const message = await refusal(loadSettings({}, { file: await fileWith(text) }));

    expect(message).toContain(place);
    expect(message).not.toContain('hush');
  });

  test.each([
    ['a key that is indented', 'listen: a:1\n  ops_listen: b:2\n', 'indent keys that belong together alike'],
    ['a first key that is indented', ' listen: a:1\nops_listen: b:2\n', 'indent keys alike'],
    ['a tab', 'operator_tokens:\n\tana: x\n', 'indent with spaces'],
    ['a key twice', 'listen: a:1\nlisten: a:1\n', 'give each key once'],
    ['an equals sign for a colon', 'listen = a:1\npolicies: p\n', 'write "key: value" on each line'],
    ['a token with a backslash in double quotes', 'operator_tokens: "ana=\\d"\n', 'use single quotes'],
    [
      'a token that begins with an exclamation mark',
      'operator_tokens:\n  ana: !x\n',
      'put quotes around the whole',
    ],
    ['a quote that is never closed', 'listen: "a:1\npolicies: p\n', 'close every quote and bracket'],
  ])('say what to do about %s', async (_what, text, advice) => {
    expect(await refusal(loadSettings({}, { file: await fileWith(text) }))).toContain(advice);
  });

  test.each([
    ['a token in a list', { operator_tokens: `ana=\${ANA_OPERATOR_TOKEN}` }, 'operator_tokens'],
    ['a token of its own', { operator_tokens: { ana: `\${ANA_OPERATOR_TOKEN}` } }, 'operator_tokens'],
    ['a password', { ledger: 'postgres://ana:$(DB_PASSWORD)@db/guardrail' }, 'ledger'],
    ['a token with a default', { operator_tokens: `ana=\${ANA_TOKEN:-none-was-given}` }, 'operator_tokens'],
    ['a token from elsewhere', { operator_tokens: { ana: `\${env:ANA_OPERATOR_TOKEN}` } }, 'operator_tokens'],
    [
      'a token without braces',
      { operator_tokens: 'rui=1234567890ab,ana=$ANA_OPERATOR_TOKEN' },
      'operator_tokens',
    ],
    ['a password without braces', { ledger: 'postgres://ana:$DB_PASSWORD@db/guardrail' }, 'ledger'],
  ])('include a variable that nothing has filled in: %s', async (_what, overrides, key) => {
    const message = await refusal(loadSettings({}, { overrides }));

    expect(message).toContain(
      `${key}: guardrail fills in no variables such as \${NAME}; set GUARDRAIL_${key.toUpperCase()} to the value itself`,
    );
  });

  test.each([
    'ana=$2b$10$Nx_y{z}(a)$A',
    'ana=pa$$WORD_1234567',
    'ana=a$B_1234567890',
    'ana=$ecret_token_1234',
  ])('do not include a token that only looks a little like a variable: %s', async (operator_tokens) => {
    await expect(loadSettings({}, { overrides: { operator_tokens } })).resolves.toBeDefined();
  });

  test('include a file without keys and values', async () => {
    for (const text of ['- listen\n', 'listen\n', '42\n']) {
      const file = await fileWith(text);

      expect(await refusal(loadSettings({}, { file }))).toContain(`${file}: expected keys and values`);
    }
  });

  test('do not include a missing file that was not named', async () => {
    const before = process.cwd();
    process.chdir(await temporaryFolder());
    onTestFinished(() => process.chdir(before));

    expect(await loadSettings({})).toEqual(settings({}));
  });
});
