import { describe, expect, test } from 'vitest';
import { problems, settings } from './parsing.ts';

type Values = Readonly<Record<string, unknown>>;

const access = (values: Values) => settings(values).access;

const behindProxy = { identity_header: 'X-Forwarded-Email', trusted_proxies: '10.0.0.7' };

describe('the role of anonymous visitors', () => {
  test.each<[string, Values, 'analyst' | 'viewer' | null]>([
    ['is analyst if only this machine can reach the port', {}, 'analyst'],
    ['is still analyst with operators by token', { operator_tokens: 'ana=token-of-ana-1' }, 'analyst'],
    ['is analyst on localhost', { ops_listen: 'localhost:8081' }, 'analyst'],
    ['is analyst on ::1', { ops_listen: '[::1]:8081' }, 'analyst'],
    ['is none on an address that others can reach', { ops_listen: '0.0.0.0:8081' }, null],
    ['is none on a host name, which may be any address', { ops_listen: 'guard.internal:8081' }, null],
    ['is none on a host name that begins like an address', { ops_listen: '127.example.com:8081' }, null],
    ['is none with analysts by token', { analyst_tokens: 'ana=token-of-ana-1' }, null],
    ['is none with viewers by token', { viewer_tokens: 'ana=token-of-ana-1' }, null],
    ['is none behind a proxy that names visitors', behindProxy, null],
    ['is none behind Identity-Aware Proxy', { iap_audience: '/projects/1/apps/x' }, null],
    ['is what anonymous_role says', { ops_listen: '0.0.0.0:8081', anonymous_role: 'viewer' }, 'viewer'],
    ['is none if anonymous_role says none', { anonymous_role: 'none' }, null],
  ])('%s', (_what, values, role) => {
    expect(access(values).anonymousRole).toBe(role);
  });

  test('cannot be operator', () => {
    expect(problems({ anonymous_role: 'operator' })).toEqual([expect.stringContaining('anonymous_role')]);
  });
});

describe('the settings of people and proxies', () => {
  test('are lists with commas, or lists in the file', () => {
    expect(
      access({
        ...behindProxy,
        operators: 'Ana@Example.com, *@ops.example.com',
        analysts: ['rui@example.com'],
        ops_hosts: 'Guardrail.Example.com',
      }),
    ).toMatchObject({
      identityHeader: 'x-forwarded-email',
      trustedProxies: ['10.0.0.7'],
      people: {
        operator: ['ana@example.com', '*@ops.example.com'],
        analyst: ['rui@example.com'],
        viewer: [],
      },
      hosts: ['guardrail.example.com'],
    });
  });

  test.each<[string, Values, string]>([
    ['a header that anybody could send', { identity_header: 'x-user' }, 'trusted_proxies'],
    [
      'two ways to identify visitors',
      { ...behindProxy, iap_audience: '/a' },
      'identity_header: leave it out',
    ],
    [
      'addresses without a proxy that names them',
      { viewers: '*@example.com' },
      'viewers: nobody tells addresses yet',
    ],
    ['a range of everything', { ...behindProxy, trusted_proxies: '0.0.0.0/0' }, 'trusted_proxies'],
    ['a range that is too narrow', { ...behindProxy, trusted_proxies: '10.0.0.0/33' }, 'trusted_proxies'],
    ['a range of a range', { ...behindProxy, trusted_proxies: '10.0.0.0/8/8' }, 'trusted_proxies'],
    [
      'a host name instead of an address',
      { ...behindProxy, trusted_proxies: 'proxy.internal' },
      'trusted_proxies',
    ],
    [
      'a header with another meaning',
      { ...behindProxy, identity_header: 'Authorization' },
      'identity_header',
    ],
    ['a header with an underscore', { ...behindProxy, identity_header: 'x_user' }, 'identity_header'],
    ['a pattern that matches everybody', { ...behindProxy, operators: '*' }, 'operators'],
    ['a pattern with a star in the middle', { ...behindProxy, operators: 'a*@example.com' }, 'operators'],
    ['a key that is too short', { pseudonym_key: 'short' }, 'pseudonym_key'],
  ])('reject %s', (_what, values, problem) => {
    expect(problems(values)).toEqual([expect.stringContaining(problem)]);
  });

  test('name operators whom Identity-Aware Proxy identifies', () => {
    expect(access({ iap_audience: '/a', operators: 'ana@example.com' }).people.operator).toEqual([
      'ana@example.com',
    ]);
  });

  test.each(['10.0.0.7/32', '10.0.0.0/1', 'fd00::/8', 'fd00::1/128'])('take %s for a proxy', (proxy) => {
    expect(access({ ...behindProxy, trusted_proxies: proxy }).trustedProxies).toEqual([proxy]);
  });

  test('reject a holder who is named twice in one list, of whose tokens only one would count', () => {
    const found = problems({ operator_tokens: 'ana=the-old-token,rui=another-token,ana=the-new-token' });

    expect(found).toEqual(['operator_tokens: ana is named twice, and can have one token there']);
  });

  test('reject one token for two holders, without showing the token', () => {
    const found = problems({
      operator_tokens: 'ana=one-token-for-two',
      viewer_tokens: 'rui=one-token-for-two',
    });

    expect(found).toEqual(['viewer_tokens: rui has the token of ana; give each a token of their own']);
  });
});
