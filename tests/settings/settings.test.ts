import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadSettings, SettingsError } from '../../src/settings/load.ts';
import { parseSettings, settingsSchema } from '../../src/settings/settings.ts';
import { VERSION } from '../../src/vocabulary/version.ts';

/** A folder for one test. */
async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'guardrail-settings-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

async function fileWith(text: string): Promise<string> {
  const path = join(await folder(), 'guardrail.yaml');
  await writeFile(path, text);
  return path;
}

/** The message with which settings are not taken. */
async function refusal(loading: Promise<unknown>): Promise<string> {
  const error = await loading.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SettingsError)) throw new Error('the settings were taken', { cause: error });
  return error.message;
}

function problems(values: Readonly<Record<string, unknown>>): readonly string[] {
  const outcome = parseSettings(values);
  return outcome.ok ? [] : outcome.problems;
}

function settings(values: Readonly<Record<string, unknown>>) {
  const outcome = parseSettings(values);
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
  return outcome.settings;
}

describe('settings', () => {
  test('all have defaults, which keep to this machine', () => {
    expect(settings({})).toEqual({
      listen: { host: '127.0.0.1', port: 8080 },
      opsListen: { host: '127.0.0.1', port: 8081 },
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
        isAnonymousRoleSaid: false,
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
    'say how operators are named, without the token, where it is %s',
    (text) => {
      const parsed = parseSettings({ operator_tokens: text });

      expect(parsed).toMatchObject({ ok: false, problems: [expect.stringContaining('NAME=TOKEN')] });
    },
  );

  test('leave variables alone that commands read which ask a running guardrail', async () => {
    await expect(
      loadSettings({ GUARDRAIL_OPERATOR_TOKEN: 'x', GUARDRAIL_TOKEN: 'y' }),
    ).resolves.toBeDefined();
  });

  test('come from the file, where numbers may be numbers or text', async () => {
    const file = await fileWith('upstream: http://127.0.0.1:9050\nestimate_ttl: 5\nestimate_entries: "7"\n');

    const loaded = await loadSettings({}, { file });

    expect(loaded).toMatchObject({
      upstream: 'http://127.0.0.1:9050',
      estimateTtlMs: 5000,
      estimateEntries: 7,
      policies: 'policies',
    });
  });

  test('come from the environment before the file, and from what is given before both', async () => {
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

  test('are the defaults where a file is empty or holds remarks alone', async () => {
    for (const text of ['', '# nothing set yet\n']) {
      expect(await loadSettings({}, { file: await fileWith(text) })).toEqual(settings({}));
    }
  });

  test('have every key in the environment too', async () => {
    const everyKey = Object.keys(settingsSchema.shape).map((key) => [`GUARDRAIL_${key.toUpperCase()}`, '!']);

    const message = await refusal(loadSettings(Object.fromEntries(everyKey), { file: await fileWith('{}') }));

    expect(message).not.toContain('no such setting');
  });
});

describe('settings that cannot be used', () => {
  test('are told all at once, each with what was expected', async () => {
    const file = await fileWith('listen: "8080"\nestimate_ttl: 0\nlog_level: loud\n');
    const environment = { GUARDRAIL_UPSTREAM: 'bigquery.googleapis.com', GUARDRAIL_MAX_QUERY_BODY: '10MB' };

    const message = await refusal(loadSettings(environment, { file }));

    expect(message.split('\n')).toEqual([
      'The settings cannot be used:',
      '  - listen: expected HOST:PORT, such as 127.0.0.1:8080',
      '  - upstream: expected an http or https address, such as https://bigquery.googleapis.com',
      expect.stringMatching(/^ {2}- log_level: .*"trace"\|"debug"\|"info"\|"warn"\|"error"\|"silent"/),
      '  - max_query_body: expected a size such as 10 MiB',
      '  - estimate_ttl: expected more than 0 seconds',
    ]);
  });

  test('name an unknown key, from the file as from the environment, and the known ones', async () => {
    const file = await fileWith('listne: 127.0.0.1:8080\n');

    const message = await refusal(loadSettings({ GUARDRAIL_POLICY: 'x' }, { file }));

    const known = Object.keys(settingsSchema.shape).join(', ');
    expect(message).toContain(`listne: there is no such setting; known are ${known}`);
    expect(message).toContain('policy: there is no such setting');
  });

  test('tell of a named file that is missing or cannot be read', async () => {
    const missing = join(await folder(), 'none.yaml');
    const notAFile = join(await folder(), 'folder');
    await mkdir(notAFile);

    expect(await refusal(loadSettings({}, { file: missing }))).toContain(`${missing}: cannot be read: `);
    expect(await refusal(loadSettings({}, { file: notAFile }))).toMatch(/folder: cannot be read: .*EISDIR/);
  });

  test('tell of a file that is not YAML, and of a key that stands twice', async () => {
    for (const text of ['listen: [', 'listen: a:1\nlisten: b:2\n']) {
      const file = await fileWith(text);

      expect(await refusal(loadSettings({}, { file }))).toContain(`${file}: is not YAML: `);
    }
  });

  test('tell of a file that holds no keys and values', async () => {
    for (const text of ['- listen\n', 'listen\n', '42\n']) {
      const file = await fileWith(text);

      expect(await refusal(loadSettings({}, { file }))).toContain(`${file}: expected keys and values`);
    }
  });

  test('hold for nothing where a file must not be, but is not named', async () => {
    const before = process.cwd();
    process.chdir(await folder());
    onTestFinished(() => process.chdir(before));

    expect(await loadSettings({})).toEqual(settings({}));
  });
});

describe('addresses to listen on', () => {
  test.each([
    ['0.0.0.0:8080', { host: '0.0.0.0', port: 8080 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:8080', { host: '::1', port: 8080 }],
    ['guard.internal:65535', { host: 'guard.internal', port: 65_535 }],
  ])('are read from %s', (listen, address) => {
    expect(settings({ listen }).listen).toEqual(address);
  });

  test.each(['8080', ':8080', 'localhost', 'localhost:', 'localhost:http', 'localhost:123456'])(
    'are not read from %s',
    (listen) => {
      expect(problems({ listen })).toEqual(['listen: expected HOST:PORT, such as 127.0.0.1:8080']);
    },
  );

  test('have a port that there is', () => {
    expect(problems({ ops_listen: 'localhost:65536' })).toEqual(['ops_listen: expected a port up to 65535']);
  });
});

describe('sizes, times and the addresses of others', () => {
  test('sizes are in binary units', () => {
    const bytes = (text: string) => settings({ max_query_body: text }).maxQueryBodyBytes;

    expect([bytes('1 KiB'), bytes('20MiB'), bytes('2 GiB')]).toEqual([1024, 20 * 1024 ** 2, 2 * 1024 ** 3]);
  });

  test.each(['10', '10 MB', '-1 MiB', '1.5 MiB', 'MiB', '10 MiB or so'])('%s is no size', (text) => {
    expect(problems({ max_query_body: text })).toEqual(['max_query_body: expected a size such as 10 MiB']);
  });

  test('times are in seconds, parts of one included, down to a millisecond', () => {
    expect(settings({ dry_run_timeout: '1.5', estimate_ttl: 0.001 })).toMatchObject({
      dryRunTimeoutMs: 1500,
      estimateTtlMs: 1,
    });
  });

  test.each([0, -1, '0.0004'])('%s seconds is no time: a cache would take none for always', (time) => {
    expect(problems({ estimate_ttl: time })).toEqual(['estimate_ttl: expected more than 0 seconds']);
  });

  test('a time that is no number is told as such', () => {
    expect(problems({ estimate_ttl: 'soon' })).toEqual(['estimate_ttl: expected a number of seconds']);
  });

  test('records are kept for a time of the calendar, or for ever', () => {
    expect(settings({ records_keep: '13 months' }).recordsKeep?.toString()).toBe('P13M');
    expect(settings({ records_keep: 'for ever' }).recordsKeep).toBeNull();
  });

  test.each(['0 days', '400', '1.5 years', '', 'ever'])('%s is no time to keep records for', (time) => {
    expect(problems({ records_keep: time })).toEqual([
      'records_keep: expected "400 days", "6 weeks", "13 months" or "2 years", or "for ever"',
    ]);
  });

  test('an address loses the slashes at its end', () => {
    expect(settings({ upstream: 'http://127.0.0.1:9050//' }).upstream).toBe('http://127.0.0.1:9050');
  });

  test.each(['ftp://host', 'host:80', '/path', ''])('%s is no address of a warehouse', (upstream) => {
    expect(problems({ upstream })).toEqual([
      'upstream: expected an http or https address, such as https://bigquery.googleapis.com',
    ]);
  });

  test('lineage goes nowhere, to a file or to a server', () => {
    expect(settings({}).lineage).toBeNull();
    expect(settings({ lineage: 'off' }).lineage).toBeNull();
    expect(settings({ lineage: 'file:/var/log/lineage.jsonl' }).lineage).toEqual({
      target: { kind: 'file', path: '/var/log/lineage.jsonl' },
      token: null,
      namespace: 'guardrail',
      producer: `urn:guardrail:guardrail:${VERSION}`,
    });
    const server = settings({
      lineage: 'https://marquez.example/api/v1/lineage',
      lineage_token: 'secret',
      lineage_producer: 'https://git.example/guardrail/raw/v1/',
    });
    expect(server.lineage).toMatchObject({
      target: { kind: 'http', url: 'https://marquez.example/api/v1/lineage' },
      token: 'secret',
      producer: 'https://git.example/guardrail/raw/v1',
    });
  });

  test.each([
    'on',
    'file:',
    'ftp://host/x',
    'marquez:5000',
    // The address stands in the ledger and in logs.
    'https://ana:secret@marquez.example/',
    'https://marquez.example/?token=secret',
  ])('%s is nowhere that lineage can go', (lineage) => {
    expect(problems({ lineage })).toEqual([expect.stringMatching(/^lineage: expected off, file:PATH/)]);
  });

  test('the token-info endpoint may be another, or none', () => {
    expect(settings({ token_info_url: '' }).tokenInfoUrl).toBeNull();
    expect(settings({ token_info_url: 'http://127.0.0.1:1/t' }).tokenInfoUrl).toBe('http://127.0.0.1:1/t');
    expect(problems({ token_info_url: 'none' })).toHaveLength(1);
  });

  test('processes that share a port are told to keep their spools apart', () => {
    expect(problems({ reuse_port: 'true' })).toEqual([
      "ledger_spool: name a file of this process's own, since reuse_port lets several share a port",
    ]);
    expect(settings({ reuse_port: true, ledger_spool: 'one.jsonl' }).reusePort).toBe(true);
    expect(settings({ reuse_port: 'false' }).reusePort).toBe(false);
    expect(problems({ reuse_port: 'yes' })).toEqual(['reuse_port: expected true or false']);
  });
});
