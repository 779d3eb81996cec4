import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { guardrail } from './command-line.ts';
import { ATENDIMENTO, useHouse } from './guardrail.ts';

const house = useHouse({ sandbox: { messages: 3_000 } });

describe('guardrail audit', () => {
  const environment = () => ({ GUARDRAIL_POLICIES: house.policies() });

  test('writes the page, and no progress bar where nobody watches', async () => {
    const folder = await temporaryFolder();
    const from = ['--endpoint', house.sandbox().url, '--token', `sandbox:${ATENDIMENTO}`];

    const ran = await guardrail(
      ['audit', 'examples/metabase/api', '--as', 'atendimento', '--out', folder, ...from],
      environment(),
    );

    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain(`Wrote ${join(folder, 'audit.html')}`);
  });

  test.each([
    ['a missing export', ['examples/nothing', '--as', 'atendimento'], 'nothing to audit'],
    [
      'an option out of range',
      ['examples/metabase/api', '--as', 'atendimento', '--hours-per-day', '25'],
      '24 hours',
    ],
    ['a missing option', ['examples/metabase/api'], '--as'],
  ])('exits with code 2 and names the problem for %s', async (_what, words, problem) => {
    const ran = await guardrail(
      ['audit', ...words, '--endpoint', house.sandbox().url, '--token', 'x'],
      environment(),
    );

    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(problem) });
  });
});
