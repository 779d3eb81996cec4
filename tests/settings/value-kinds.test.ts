import { describe, expect, test } from 'vitest';
import { VERSION } from '../../src/foundation/version.ts';

import { problems, settings } from './parsing.ts';

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

  test('have a port up to 65535', () => {
    expect(problems({ ops_listen: 'localhost:65536' })).toEqual(['ops_listen: expected a port up to 65535']);
  });
});

describe('sizes, times and addresses in settings:', () => {
  test('sizes are in binary units', () => {
    const bytes = (text: string) => settings({ max_query_body: text }).maxQueryBodyBytes;

    expect([bytes('1 KiB'), bytes('20MiB'), bytes('2 GiB')]).toEqual([1024, 20 * 1024 ** 2, 2 * 1024 ** 3]);
  });

  test.each(['10', '10 MB', '-1 MiB', '1.5 MiB', 'MiB', '10 MiB or so'])('%s is not a size', (text) => {
    expect(problems({ max_query_body: text })).toEqual(['max_query_body: expected a size such as 10 MiB']);
  });

  test('times are in seconds, with fractions down to a millisecond', () => {
    expect(settings({ dry_run_timeout: '1.5', estimate_ttl: 0.001 })).toMatchObject({
      dryRunTimeoutMs: 1500,
      estimateTtlMs: 1,
    });
  });

  test.each([0, -1, '0.0004'])(
    '%s seconds is not a valid time, since a cache would take it for ever',
    (time) => {
      expect(problems({ estimate_ttl: time })).toEqual(['estimate_ttl: expected more than 0 seconds']);
    },
  );

  test.each(['dry_run_timeout', 'rewrite_wait'])(
    '%s is at most what a timer can wait, since a longer one would be over at once',
    (key) => {
      expect(problems({ [key]: 2_147_483 })).toEqual([]);
      expect(problems({ [key]: 2_147_484 })).toEqual([`${key}: expected 2147483 seconds at the most`]);
    },
  );

  test('a time that is not a number is refused with what was expected', () => {
    expect(problems({ estimate_ttl: 'soon' })).toEqual(['estimate_ttl: expected a number of seconds']);
  });

  test.each(['rewrite_wait', 'traces_sample', 'read_processes', 'estimate_ttl'])(
    'an empty %s is not zero, which would turn something off unseen',
    (key) => {
      for (const value of ['', ' ', null, false, true, []]) {
        expect(problems({ [key]: value })).toEqual([expect.stringContaining(`${key}: expected a `)]);
      }
    },
  );

  test('records are kept for a calendar period, or for ever', () => {
    expect(settings({ records_keep: '13 months' }).recordsKeep?.toString()).toBe('P13M');
    expect(settings({ records_keep: 'for ever' }).recordsKeep).toBeNull();
  });

  test.each(['0 days', '400', '1.5 years', '', 'ever'])(
    '"%s" is not a period to keep records for',
    (time) => {
      expect(problems({ records_keep: time })).toEqual([
        'records_keep: expected "400 days", "6 weeks", "13 months" or "2 years", or "for ever"',
      ]);
    },
  );

  test('trailing slashes of an address are removed', () => {
    expect(settings({ upstream: 'http://127.0.0.1:9050//' }).upstream).toBe('http://127.0.0.1:9050');
  });

  test.each(['ftp://host', 'host:80', '/path', ''])('"%s" is not an address of a warehouse', (upstream) => {
    expect(problems({ upstream })).toEqual([
      'upstream: expected an http or https address, such as https://bigquery.googleapis.com',
    ]);
  });

  test.each(['https://ana:secret@host', 'https://host?a=b', 'https://host/#a'])(
    '%s is not the address of a warehouse, since requests add their path to it',
    (upstream) => {
      expect(problems({ upstream })).toEqual([
        'upstream: expected an address without user, password, query and fragment',
      ]);
    },
  );

  test('lineage goes to a file, to a server, or nowhere', () => {
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
    // The address is stored in the ledger and in logs, so it may hold no secret.
    'https://ana:secret@marquez.example/',
    'https://ana@marquez.example/',
    'https://:secret@marquez.example/',
    'https://marquez.example/?token=secret',
  ])('%s is not a valid target of lineage', (lineage) => {
    expect(problems({ lineage })).toEqual([expect.stringMatching(/^lineage: expected off, file:PATH/)]);
  });

  test('the token-info endpoint may be changed, or disabled by an empty value', () => {
    expect(settings({ token_info_url: '' }).tokenInfoUrl).toBeNull();
    expect(settings({ token_info_url: 'http://127.0.0.1:1/t' }).tokenInfoUrl).toBe('http://127.0.0.1:1/t');
    expect(problems({ token_info_url: 'none' })).toHaveLength(1);
  });

  test('reuse_port requires a spool file of the process’s own', () => {
    expect(problems({ reuse_port: 'true' })).toEqual([
      "ledger_spool: name a file of this process's own, since reuse_port lets several share a port",
    ]);
    expect(settings({ reuse_port: true, ledger_spool: 'one.jsonl' }).reusePort).toBe(true);
    expect(settings({ reuse_port: 'false' }).reusePort).toBe(false);
    expect(problems({ reuse_port: 'yes' })).toEqual(['reuse_port: expected true or false']);
  });
});
