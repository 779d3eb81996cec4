import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { endpoints } from '../../src/ops/api/api.ts';
import { ATENDIMENTO, eventually, useHouse } from './guardrail.ts';

const OPERATOR = 'token-of-ana-0123456789';

const house = useHouse({ sandbox: { messages: 3_000 }, settings: { operator_tokens: { ana: OPERATOR } } });

/** The example of each endpoint in docs/api.md, by `GET /path`. */
const examples = new Map(
  [...(await readFile('docs/api.md', 'utf8')).matchAll(/^## ([A-Z]+ \S+)$.*?```sh\n(.*?)```/gms)].map(
    ([, heading = '', command = '']) => [heading, command],
  ),
);

/** The status code that an example is answered with. */
async function run(example: string, id: string): Promise<string> {
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const command = example
    .trim()
    .replace(/^curl/, "curl -o /dev/null -w '%{http_code}'")
    // The example that streams would run on for ever: it is cut off after a second.
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

/** The ID that each example with `{id}` is run with. */
async function idFor(path: string): Promise<string> {
  if (path.startsWith('/grants/requests/')) return ask('/grants/requests');
  if (path.startsWith('/grants/')) return ask('/grants');
  const { decisions } = await house.ops('/api/v1/decisions');
  return decisions[0].id;
}

test('every curl example in docs/api.md is answered with the status that its endpoint documents', async () => {
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
