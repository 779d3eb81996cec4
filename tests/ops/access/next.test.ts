import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localPath, signInPath } from '../../../src/ops/access/next.ts';

test.each([
  ['/', '/'],
  ['/spend?by=team&from=2026-11-01', '/spend?by=team&from=2026-11-01'],
  ['/decisions/1#sql', '/decisions/1'],
])('%s is where to go', (next, path) => {
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
])('%j is nowhere to go', (next) => {
  expect(localPath(next)).toBe('/');
});

test('whatever is asked for, a browser stays at this address', () => {
  const slashes = fc.stringMatching(/^[/\\.\t\n@:%2eE?#a]{0,12}$/);
  fc.assert(
    fc.property(fc.oneof(slashes, fc.webUrl(), fc.string()), fc.domain(), (start, domain) => {
      const path = localPath(`${start}${domain}`);

      expect(new URL(path, 'http://127.0.0.1:8081').host).toBe('127.0.0.1:8081');
    }),
  );
});

test('what leads to signing in leads back', () => {
  const path = signInPath('/spend?by=team&team=a b');

  expect(localPath(new URL(path, 'http://here').searchParams.get('next'))).toBe('/spend?by=team&team=a%20b');
});
