import { expect, test } from 'vitest';
import { guardrail } from '../../e2e/command-line.ts';

test.each(['spend', 'savings'])(
  'a decimal comma in %s is a usage error unless the format is CSV, and nothing is asked',
  async (command) => {
    const { code, stderr, stdout } = await guardrail([
      command,
      '--decimal-comma',
      '--ops',
      'http://127.0.0.1:9',
    ]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe("error: option '--decimal-comma' is for '--format csv' only\n");
  },
);
