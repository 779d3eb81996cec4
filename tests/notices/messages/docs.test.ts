import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { jsonMessage } from '../../../src/notices/messages/json.ts';
import { slackMessage } from '../../../src/notices/messages/slack.ts';
import { notice } from '../builders.ts';

test('the documentation shows the messages exactly as they are sent', async () => {
  const docs = await readFile('docs/budgets.md', 'utf8');
  const sample = notice();
  const [section, context] = slackMessage(sample, 'en').blocks;

  const json: unknown = JSON.parse(
    /```json\n(\{\n {2}"kind": "budget_threshold".*?)```/s.exec(docs)?.[1] ?? '',
  );

  expect(json).toEqual({ ...jsonMessage('', sample, 'en'), id: expect.any(String) });
  const shown = docs.replace(/\s+/g, ' ');
  for (const text of [section?.text?.text, context?.elements?.[0]?.text]) {
    expect(shown).toContain(text?.replace(/[*`]/g, '').replace(/\s+/g, ' '));
  }
});
