import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localPath, signInPath } from '../../../../src/ops/access/sign-in/next.ts';

test.each([
  ['/', '/'],
  ['/spend?by=team&from=2026-11-01', '/spend?by=team&from=2026-11-01'],
  ['/decisions/1#sql', '/decisions/1'],
])('a local path to go to after signing in is accepted: %s', (next, path) => {
  expect(localPath(next)).toBe(path);
});

test.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/%2e//evil.example',
  'javascript:alert(1)',
  'evil.example',
  '',
  '/sign-in?next=/',
  undefined,
  ['/a', '/b'],
])('%j as the place to go to after signing in leads to the first page', (next) => {
  expect(localPath(next)).toBe('/');
});

test('whatever place is requested, a browser stays at this host', () => {
  const slashes = fc.stringMatching(/^[/\\.\t\n@:%2eE?#a]{0,12}$/);
  fc.assert(
    fc.property(fc.oneof(slashes, fc.webUrl(), fc.string()), fc.domain(), (start, domain) => {
      const path = localPath(`${start}${domain}`);

      expect(new URL(path, 'http://127.0.0.1:8081').host).toBe('127.0.0.1:8081');
    }),
  );
});

test('the path to sign in leads back to where it was requested', () => {
  const path = signInPath('/spend?by=team&team=a b');

  expect(localPath(new URL(path, 'http://here').searchParams.get('next'))).toBe('/spend?by=team&team=a%20b');
});
