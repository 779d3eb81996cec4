import { expect, test } from 'vitest';
import { parseSettings } from '../../src/settings/settings.ts';

test('each listener has TLS files of its own', () => {
  const parsed = parseSettings({
    tls_certificate: 'proxy.crt',
    tls_key: 'proxy.key',
    tls_client_ca: 'clients.crt',
    ops_tls_certificate: 'ops.crt',
    ops_tls_key: 'ops.key',
  });

  expect(parsed).toMatchObject({
    settings: {
      tls: { certificate: 'proxy.crt', key: 'proxy.key', clientCa: 'clients.crt' },
      opsTls: { certificate: 'ops.crt', key: 'ops.key', clientCa: null },
    },
  });
});

test.each([
  [{ tls_certificate: 'a' }, ['tls_key: expected the path of a file, since tls_certificate is given']],
  [{ ops_tls_key: 'a' }, ['ops_tls_certificate: expected the path of a file, since ops_tls_key is given']],
  [
    { tls_client_ca: 'a', ops_tls_certificate: 'b', ops_tls_key: 'c' },
    [
      'tls_certificate: expected the path of a file, since tls_client_ca is given',
      'tls_key: expected the path of a file, since tls_client_ca is given',
    ],
  ],
  [{ tls_certificate: '', tls_key: 'a' }, ['tls_certificate: expected the path of a file']],
])(
  'incomplete TLS settings are refused, so that no listener is left in plain text: %j',
  (values, problems) => {
    expect(parseSettings(values)).toEqual({ ok: false, problems });
  },
);
