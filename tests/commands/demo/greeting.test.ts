import { expect, test } from 'vitest';
import { greeting } from '../../../src/commands/demo/greeting.ts';

function commandsWith(opsUrl: string): readonly string[] {
  const shown = {
    sandboxUrl: 'http://127.0.0.1:9050',
    startedAt: '2026-11-29T12:00:00.000Z',
    policies: 'policies',
    traffic: true,
    seed: 1,
  };
  const text = greeting({ proxyUrl: 'http://127.0.0.1:8080', opsUrl }, shown);
  return text.split('\n').filter((line) => /-- (spend|savings|grant) /.test(`${line} `));
}

test('the commands that the demo offers ask the demo, wherever it listens', () => {
  const elsewhere = commandsWith('http://127.0.0.1:9081');

  expect(elsewhere).toHaveLength(3);
  for (const command of elsewhere) expect(command).toMatch(/ --ops http:\/\/127\.0\.0\.1:9081$/);
});

test('the commands that the demo offers name no address if it is the one that they ask anyway', () => {
  const usual = commandsWith('http://127.0.0.1:8081');

  expect(usual).toHaveLength(3);
  for (const command of usual) expect(command).not.toContain('--ops');
});
