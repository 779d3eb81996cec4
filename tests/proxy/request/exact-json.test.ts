import { describe, expect, test } from 'vitest';
import { parseExactJson } from '../../../src/proxy/request/exact-json.ts';

describe('exact JSON', () => {
  test('writes numbers back exactly as they came, even beyond the range of a double', () => {
    const text = '{"id":9007199254740993,"x":1e400,"y":0.1,"z":-0,"n":12345678901234567890}';

    expect(JSON.stringify(parseExactJson(text))).toBe(text);
  });

  test('keeps small numbers as plain numbers', () => {
    expect(parseExactJson('{"maxResults":1000,"big":9007199254740993}')).toMatchObject({ maxResults: 1000 });
  });

  test('keeps only the last of two equal keys, so that what is judged is what is sent', () => {
    expect(JSON.stringify(parseExactJson('{"query":"SELECT 1","query":"SELECT 2"}'))).toBe(
      '{"query":"SELECT 2"}',
    );
  });
});
