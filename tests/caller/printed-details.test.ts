import { expect, test } from 'vitest';
import { printsDetails } from '../../src/caller/printed-details.ts';

test.each([
  ['gl-go/1.23.4 gccl/1.66.2 gdcl/0.214.0', true],
  ['gdcl/2.156.0 gl-python/3.12.1', true],
  ['gl-java/21.0.5 gccl/2.45.0 gdcl/2.7.0', false],
  ['gl-node/24.21.0 gccl/8.1.1', false],
  ['not-gl-gopher/1', false],
])('of the client %s, people read the details of an error: %s', (client, expected) => {
  const printed = printsDetails({ 'x-goog-api-client': client });

  expect(printed).toBe(expected);
});

test('a client without a name is taken for a program that reads them itself', () => {
  expect(printsDetails({})).toBe(false);
});
