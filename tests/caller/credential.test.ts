import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { credentialOf } from '../../src/caller/credential.ts';

const SECRET = 'ya29.a0-secret-token';

describe('a credential', () => {
  test('has the token of a bearer header, ignoring the case of the scheme', () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const credential = credentialOf(`${scheme}  ${SECRET} `);

      expect(credential.kind).toBe('bearer');
      expect(credential.token).toBe(SECRET);
    }
  });

  test('has no token if the header has another scheme, is malformed or is missing', () => {
    const kindAndToken = (header: string | undefined) => {
      const { kind, token } = credentialOf(header);
      return [kind, token];
    };

    expect(kindAndToken('Basic dXNlcjpwYXNz')).toEqual(['other', null]);
    expect(kindAndToken('Bearer')).toEqual(['other', null]);
    expect(kindAndToken('Bearer two words')).toEqual(['other', null]);
    expect(kindAndToken('')).toEqual(['other', null]);
    expect(kindAndToken(undefined)).toEqual(['none', null]);
  });

  test('is identified by the digest of its header, which differs for different headers', () => {
    const header = `Bearer ${SECRET}`;

    expect(credentialOf(header).key).toBe(createHash('sha256').update(header).digest('hex'));
    expect(credentialOf(header).key).not.toBe(credentialOf(`${header}x`).key);
  });

  test('never shows its secret when it is printed, serialised, copied or converted to text', () => {
    const credential = credentialOf(`Bearer ${SECRET}`);

    const shown = [
      inspect(credential),
      inspect({ deep: { credential } }, { depth: null, showHidden: true }),
      JSON.stringify(credential),
      JSON.stringify({ list: [credential] }),
      JSON.stringify({ ...credential }),
      JSON.stringify(Object.entries(credential)),
      String(credential),
    ];

    for (const text of shown) expect(text).not.toContain(SECRET);
    expect(JSON.parse(JSON.stringify(credential))).toEqual({ kind: 'bearer', key: credential.key });
    expect(inspect(credential)).toContain(credential.key);
  });

  test('never shows a secret of another scheme either', () => {
    const credential = credentialOf('Basic dXNlcjpwYXNz');

    expect(inspect(credential, { showHidden: true }) + JSON.stringify(credential)).not.toContain(
      'dXNlcjpwYXNz',
    );
  });
});
