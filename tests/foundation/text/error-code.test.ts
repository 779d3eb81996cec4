import { expect, test } from 'vitest';
import { errorCode } from '../../../src/foundation/text/error-code.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.9'), { code: 'ECONNREFUSED' });

test('the code of an error is its own, or else that of its cause, however deep', () => {
  const wrapped = new Error('fetch failed', { cause: new Error('no answer', { cause: refused }) });

  expect(errorCode(refused)).toBe('ECONNREFUSED');
  expect(errorCode(wrapped)).toBe('ECONNREFUSED');
  expect(errorCode(Object.assign(new Error('bad', { cause: refused }), { code: 'EOUTER' }))).toBe('EOUTER');
});

test.each([
  [new Error('no code')],
  [Object.assign(new Error('DOM'), { code: 20 })],
  [{ code: 'EPLAIN' }],
  ['a text'],
])('what has no code in words has none: %s', (thrown) => {
  expect(errorCode(thrown)).toBeNull();
});
