import { describe, expect, test } from 'vitest';
import { bearerToken, createTokens } from '../../../src/ops/access/tokens.ts';
import { ANA, accessSettings, BIA, RUI } from './builders.ts';

const tokens = createTokens(accessSettings().tokens);

function holderBy(authorization: string | undefined) {
  const token = bearerToken(authorization);
  return token === null ? null : tokens.holderOf(token);
}

describe('a token in the authorization header identifies', () => {
  test.each([
    ['an operator', `Bearer ${ANA}`, { name: 'ana', role: 'operator' }],
    ['an analyst', `Bearer ${RUI}`, { name: 'rui', role: 'analyst' }],
    ['a viewer', `Bearer ${BIA}`, { name: 'bia', role: 'viewer' }],
    ['an operator, with the scheme in lower case', `bearer ${ANA}`, { name: 'ana', role: 'operator' }],
  ])('%s', (_what, authorization, holder) => {
    expect(holderBy(authorization)).toEqual(holder);
  });

  test.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['a scheme alone', 'Bearer '],
    ['a token alone', ANA],
    ['another scheme', `Basic ${ANA}`],
    ['a part of a token', `Bearer ${ANA.slice(0, -1)}`],
    ['more than a token', `Bearer ${ANA}0`],
    ['two tokens', `Bearer ${ANA} ${RUI}`],
    ['a token in another case', `Bearer ${ANA.toUpperCase()}`],
    ['a name for a token', 'Bearer ana'],
  ])('nobody, if it is %s', (_what, authorization) => {
    expect(holderBy(authorization)).toBeNull();
  });

  test('nobody, if the settings have no tokens', () => {
    const none = createTokens(
      accessSettings({ operator_tokens: {}, analyst_tokens: {}, viewer_tokens: {} }).tokens,
    );

    expect(none.holderOf(ANA)).toBeNull();
  });
});
