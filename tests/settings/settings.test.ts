import { describe, expect, test } from 'vitest';
import { loadSettings } from '../../src/settings/load.ts';
import { parseSettings, settingsSchema } from '../../src/settings/settings.ts';
import { fileWith, refusal } from './files.ts';
import { settings } from './parsing.ts';

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
