import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { guardrail } from './command-line.ts';
import { useHouse } from './guardrail.ts';

const house = useHouse({ sandbox: { messages: 3_000 } });

describe('guardrail audit', () => {
  const environment = () => ({ GUARDRAIL_POLICIES: house.policies() });

  test('runs each command in docs/audit.md, and writes the page without a progress bar', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'guardrail-audit-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const page = await readFile('docs/audit.md', 'utf8');
    const commands = [...page.matchAll(/^npm run guardrail -- (audit .*)$/gm)].map(([, words = '']) =>
      words
        .replace('http://127.0.0.1:9050', house.sandbox().url)
        .replace('--out audit', `--out ${folder}`)
        .split(' '),
    );

    expect(commands).toHaveLength(2);
    for (const words of commands) {
      const ran = await guardrail(words, environment());
      // stderr is not a terminal, so it must show no progress bar.
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      expect(ran.stdout).toContain(`Wrote ${join(folder, 'audit.html')}`);
    }
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
