import type { Request } from 'express';
import express from 'express';
import { expect, test } from 'vitest';
import { preferencesOf } from '../../src/ops/preferences.ts';

/** A request with these headers, as Express makes it. */
function requestWith(headers: Readonly<Record<string, string>>): Request {
  return Object.create(express.request, {
    headers: { value: headers },
    get: { value: (name: string) => headers[name.toLowerCase()] },
  }) as Request;
}

test.each([
  ['pt-BR,pt;q=0.9,en;q=0.8', 'pt-BR'],
  ['pt', 'pt-BR'],
  ['pt-PT,en;q=0.5', 'pt-BR'],
  ['en-GB,en;q=0.9,pt;q=0.1', 'en'],
  ['de', 'en'],
])('a browser with accept-language %s gets %s', (header, language) => {
  expect(preferencesOf(requestWith({ 'accept-language': header })).language).toBe(language);
});

test('a choice in a cookie wins over the browser, and an unknown choice is ignored', () => {
  const chosen = requestWith({
    'accept-language': 'pt-BR',
    cookie: 'a=b; guardrail_language=en; guardrail_theme=dark',
  });
  const wrong = requestWith({ cookie: 'guardrail_language=xx; guardrail_theme=<b>; other' });

  expect(preferencesOf(chosen)).toEqual({ language: 'en', theme: 'dark' });
  expect(preferencesOf(wrong)).toEqual({ language: 'en', theme: 'auto' });
});
