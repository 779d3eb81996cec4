import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadSettings, SettingsError } from '../../src/settings/load.ts';
import { parseSettings, settingsSchema } from '../../src/settings/settings.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { settings } from './parsing.ts';

async function fileWith(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'guardrail.yaml');
  await writeFile(path, text);
  return path;
}

/** The message with which settings are refused. */
async function refusal(loading: Promise<unknown>): Promise<string> {
  const error = await loading.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SettingsError)) throw new Error('the settings were accepted', { cause: error });
  return error.message;
}

describe('settings', () => {
  test('all have defaults, with listeners only for this machine', () => {
    expect(settings({})).toEqual({
      listen: { host: '127.0.0.1', port: 8080 },
      opsListen: { host: '127.0.0.1', port: 8081 },
      consoleUrl: null,
      reusePort: false,
      tls: null,
      opsTls: null,
      unknownMethods: 'refuse',
      upstream: 'https://bigquery.googleapis.com',
      policies: 'policies',
      ledger: 'sqlite:.guardrail/ledger.db',
      ledgerTimeoutMs: 5_000,
      onLedgerFailure: 'deny',
      ledgerSpool: '.guardrail/spool.jsonl',
      recordsKeep: null,
      access: {
        tokens: { operator: new Map(), analyst: new Map(), viewer: new Map() },
        identityHeader: null,
        iapAudience: null,
        trustedProxies: [],
        people: { operator: [], analyst: [], viewer: [] },
        anonymousRole: 'analyst',
        isAnonymousRoleExplicit: false,
        hosts: [],
        pseudonymKey: null,
      },
      lineage: null,
      logLevel: 'info',
      maxQueryBodyBytes: 10 * 1024 * 1024,
      maxConnections: 10_000,
      headTimeoutMs: 20_000,
      bodyTimeoutMs: 60_000,
      maxSqlCharacters: 1024 * 1024,
      maxSqlDepth: 100,
      readTimeoutMs: 2_000,
      readWaitMs: 5_000,
      readProcesses: 2,
      estimateTtlMs: 60_000,
      estimateEntries: 10_000,
      dryRunTimeoutMs: 30_000,
      rewriteWaitMs: 2_000,
      tableDefinitionTtlMs: 600_000,
      tableDefinitionTimeoutMs: 3_000,
      settleTimeoutMs: 22_200_000,
      tokenInfoUrl: 'https://oauth2.googleapis.com/tokeninfo',
      tracesEndpoint: null,
      tracesSample: 1,
    });
  });

  test('name operators with their tokens, in one variable or as a mapping', async () => {
    const file = await fileWith('operator_tokens: { rui: another-secret }\n');

    const inVariable = await loadSettings({
      GUARDRAIL_OPERATOR_TOKENS: 'ana=a-long-secret, rui=another-secret',
    });
    const inFile = await loadSettings({}, { file });

    expect([...inVariable.access.tokens.operator.keys()]).toEqual(['ana', 'rui']);
    expect([...inFile.access.tokens.operator]).toEqual([['rui', 'another-secret']]);
  });

  test.each(['ana', 'ana=short', 'ana=two words here', '=a-long-secret'])(
    'that name operators wrongly are refused with the expected form: %s',
    (text) => {
      const parsed = parseSettings({ operator_tokens: text });

      expect(parsed).toMatchObject({ ok: false, problems: [expect.stringContaining('NAME=TOKEN')] });
    },
  );

  test('do not include the variables that commands use to talk to a running guardrail', async () => {
    await expect(
      loadSettings({ GUARDRAIL_OPERATOR_TOKEN: 'x', GUARDRAIL_TOKEN: 'y' }),
    ).resolves.toBeDefined();
  });

  test('come from the file, where numbers may be numbers or strings', async () => {
    const file = await fileWith('upstream: http://127.0.0.1:9050\nestimate_ttl: 5\nestimate_entries: "7"\n');

    const loaded = await loadSettings({}, { file });

    expect(loaded).toMatchObject({
      upstream: 'http://127.0.0.1:9050',
      estimateTtlMs: 5000,
      estimateEntries: 7,
      policies: 'policies',
    });
  });

  test('come from the environment before the file, and from overrides before both', async () => {
    const file = await fileWith('policies: by-file\nledger: sqlite:by-file\nlog_level: warn\n');
    const environment = {
      GUARDRAIL_LEDGER: 'sqlite:by-environment',
      GUARDRAIL_LOG_LEVEL: 'error',
      GUARDRAIL_LISTEN: undefined,
      HOME: '/home/ana',
    };

    const loaded = await loadSettings(environment, { file, overrides: { log_level: 'silent' } });

    expect(loaded).toMatchObject({
      policies: 'by-file',
      ledger: 'sqlite:by-environment',
      logLevel: 'silent',
      listen: { host: '127.0.0.1', port: 8080 },
    });
  });

  test('are the defaults if the file is empty or has only comments', async () => {
    for (const text of ['', '# nothing set yet\n']) {
      expect(await loadSettings({}, { file: await fileWith(text) })).toEqual(settings({}));
    }
  });

  test('can all be set in the environment', async () => {
    const everyKey = Object.keys(settingsSchema.shape).map((key) => [`GUARDRAIL_${key.toUpperCase()}`, '!']);

    const message = await refusal(loadSettings(Object.fromEntries(everyKey), { file: await fileWith('{}') }));

    expect(message).not.toContain('no such setting');
  });
});

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

    expect(await refusal(loadSettings({}, { file: missing }))).toContain(`${missing}: cannot be read: `);
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
