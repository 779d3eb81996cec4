import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../src/settings/settings.ts';

type Values = Readonly<Record<string, unknown>>;

function access(values: Values) {
  const outcome = parseSettings(values);
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
  return outcome.settings.access;
}

function problems(values: Values): readonly string[] {
  const outcome = parseSettings(values);
  return outcome.ok ? [] : outcome.problems;
}

const behindProxy = { identity_header: 'X-Forwarded-Email', trusted_proxies: '10.0.0.7' };

describe('what those may of whom nothing is known', () => {
  test.each<[string, Values, 'analyst' | 'viewer' | null]>([
    ['everything is read where only this machine reaches the port', {}, 'analyst'],
    ['operators by token change nothing of that', { operator_tokens: 'ana=token-of-ana-1' }, 'analyst'],
    ['localhost is this machine', { ops_listen: 'localhost:8081' }, 'analyst'],
    ['and so is ::1', { ops_listen: '[::1]:8081' }, 'analyst'],
    ['others reach any other address', { ops_listen: '0.0.0.0:8081' }, null],
    ['a name may be any address', { ops_listen: 'guard.internal:8081' }, null],
    ['analysts by token', { analyst_tokens: 'ana=token-of-ana-1' }, null],
    ['viewers by token', { viewer_tokens: 'ana=token-of-ana-1' }, null],
    ['a proxy that names who asks', behindProxy, null],
    ['Identity-Aware Proxy', { iap_audience: '/projects/1/apps/x' }, null],
    ['what is said holds', { ops_listen: '0.0.0.0:8081', anonymous_role: 'viewer' }, 'viewer'],
    ['none is said', { anonymous_role: 'none' }, null],
  ])('%s', (_what, values, role) => {
    expect(access(values).anonymousRole).toBe(role);
  });

  test('is never to write', () => {
    expect(problems({ anonymous_role: 'operator' })).toEqual([expect.stringContaining('anonymous_role')]);
  });
});

describe('who is who', () => {
  test('stands in lists with commas or in lists of the file', () => {
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
    ['two ways to tell who asks', { ...behindProxy, iap_audience: '/a' }, 'identity_header: leave it out'],
    ['addresses that nobody tells', { viewers: '*@example.com' }, 'viewers: nobody tells addresses yet'],
    ['a range of everything', { ...behindProxy, trusted_proxies: '0.0.0.0/0' }, 'trusted_proxies'],
    ['a range that is too narrow', { ...behindProxy, trusted_proxies: '10.0.0.0/33' }, 'trusted_proxies'],
    ['a name for an address', { ...behindProxy, trusted_proxies: 'proxy.internal' }, 'trusted_proxies'],
    ['a header of another meaning', { ...behindProxy, identity_header: 'Authorization' }, 'identity_header'],
    ['a header that proxies fold', { ...behindProxy, identity_header: 'x_user' }, 'identity_header'],
    ['a pattern of everybody', { ...behindProxy, operators: '*' }, 'operators'],
    ['a pattern with a star within', { ...behindProxy, operators: 'a*@example.com' }, 'operators'],
    ['a short key', { pseudonym_key: 'short' }, 'pseudonym_key'],
  ])('is not taken: %s', (_what, values, problem) => {
    expect(problems(values)).toEqual([expect.stringContaining(problem)]);
  });

  test('a token has one holder, and is not told where it has two', () => {
    const told = problems({
      operator_tokens: 'ana=one-token-for-two',
      viewer_tokens: 'rui=one-token-for-two',
    });

    expect(told).toEqual(['viewer_tokens: rui has the token of ana; give each a token of their own']);
  });
});
