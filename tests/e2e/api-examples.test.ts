import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { endpoints } from '../../src/ops/api.ts';
import { ATENDIMENTO, eventually, useHouse } from './guardrail.ts';

const OPERATOR = 'token-of-ana-0123456789';

const house = useHouse({ sandbox: { messages: 3_000 }, settings: { operator_tokens: { ana: OPERATOR } } });

/** The example of each endpoint on the page, by `GET /path`. */
const examples = new Map(
  [...(await readFile('docs/api.md', 'utf8')).matchAll(/^## ([A-Z]+ \S+)$.*?```sh\n(.*?)```/gms)].map(
    ([, heading = '', command = '']) => [heading, command],
  ),
);

/** The status that an example of the page is answered with. */
async function run(example: string, id: string): Promise<string> {
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const command = example
    .trim()
    .replace(/^curl/, "curl -o /dev/null -w '%{http_code}'")
    // What goes on is heard for a moment.
    .replace(' -sN', ' -sN -m 1')
    .replace(/"until":"[^"]+"/, `"until":"${inAnHour}"`);
  const env = { PATH: process.env['PATH'], OPS: house.guardrail().opsUrl, TOKEN: OPERATOR, ID: id };
  const { stdout } = await promisify(execFile)('bash', ['-c', `${command} || true`], { env });
  return stdout;
}

async function ask(path: string): Promise<string> {
  const response = await fetch(`${house.guardrail().opsUrl}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${OPERATOR}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      budget: 'atendimento-day',
      amount: '1 GiB',
      reason: 'an example',
      to: 'Ana',
      until: new Date(Date.now() + 3_600_000).toISOString(),
    }),
  });
  const { id } = (await response.json()) as { id: string };
  return id;
}

/** What each example with an ID is tried on. */
async function idFor(path: string): Promise<string> {
  if (path.startsWith('/grants/requests/')) return ask('/grants/requests');
  if (path.startsWith('/grants/')) return ask('/grants');
  const { decisions } = await house.ops('/api/v1/decisions');
  return decisions[0].id;
}

test('every example of the page is answered as the endpoint says', async () => {
  await house.client(ATENDIMENTO).query('SELECT COUNT(*) AS n FROM atendimento.tickets');
  await eventually(async () => {
    expect((await house.ops('/api/v1/decisions')).decisions).toHaveLength(1);
  });

  const answered: string[] = [];
  for (const { method, path } of endpoints) {
    const heading = `${method.toUpperCase()} ${path}`;
    const id = path.includes('{id}') ? await idFor(path) : '';
    answered.push(`${heading} ${await run(examples.get(heading) ?? 'false', id)}`);
  }

  expect(answered).toEqual(
    endpoints.map(({ method, path, status }) => `${method.toUpperCase()} ${path} ${status}`),
  );
});
