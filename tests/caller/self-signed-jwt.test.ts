import { describe, expect, test } from 'vitest';
import { subjectOfSelfSignedJwt } from '../../src/caller/self-signed-jwt.ts';

const BOT = 'metabase@guardrail-demo.iam.gserviceaccount.com';

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function jwt(claims: unknown): string {
  return jwtOf(JSON.stringify(claims));
}

function jwtOf(claims: string): string {
  return `${part({ alg: 'RS256', kid: '1' })}.${Buffer.from(claims).toString('base64url')}.c2lnbmF0dXJl`;
}

describe('the subject of a self-signed JWT', () => {
  test('is the service account named as both issuer and subject', () => {
    const token = jwt({ iss: BOT, sub: BOT, aud: 'https://bigquery.googleapis.com/', exp: 1 });

    expect(subjectOfSelfSignedJwt(token)).toBe(BOT);
  });

  test.each([
    ['with another issuer', jwt({ iss: 'other@x.iam.gserviceaccount.com', sub: BOT })],
    ['without a subject', jwt({ iss: BOT })],
    ['issued by Google to a person', jwt({ iss: 'https://accounts.google.com', sub: '1234', email: BOT })],
    ['whose subject is not an e-mail address', jwt({ iss: 'x', sub: 'x' })],
    ['that names two subjects', jwtOf(`{"iss":"${BOT}","sub":"me@example.com","sub":"${BOT}"}`)],
    [
      'that names two, one in disguise',
      jwtOf(`{"iss":"${BOT}","s\\u0075b":"me@example.com","sub":"${BOT}"}`),
    ],
    ['that names two issuers', jwtOf(`{"iss":"me@example.com", "iss" : "${BOT}","sub":"${BOT}"}`)],
    ['whose claims are not an object', jwt([BOT])],
    ['whose claims are null', jwt(null)],
    ['whose claims are not JSON', `a.${Buffer.from('{').toString('base64url')}.c`],
    ['that is an opaque access token', 'ya29.a0AfB_by'],
    ['without dots', 'sandbox:ana@example.com'],
    ['that is empty', ''],
  ])('is null for a token %s', (_which, token) => {
    expect(subjectOfSelfSignedJwt(token)).toBeNull();
  });
});
