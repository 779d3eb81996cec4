import { expect, test } from 'vitest';
import { queryCommand } from '../../src/commands/query.ts';

test('a query that reaches no guardrail says so, and how to name another address', async () => {
  const args = ['SELECT 1', '--token', 'x', '--endpoint', 'http://127.0.0.1:1'];

  await expect(queryCommand().parseAsync(args, { from: 'user' })).rejects.toThrow(
    'No guardrail answers at http://127.0.0.1:1. Is it running? Name its address for BI tools with --endpoint.',
  );
});
