import { z } from 'zod';
import { endpoints } from '../../../src/ops/api.ts';
import type { Description } from '../../../src/ops/endpoints/endpoint.ts';

const INTRODUCTION = `# The API of the operators' port

All of it stands in \`/api/v1/openapi.json\`, in the words of OpenAPI 3.1: every address, its parameters, and the fields of
every answer, for programs that make clients or check answers. It is made from what the router itself is made from, so it
tells of the version that runs. Whoever may read anything may read it ([access.md](access.md)).

- Counts of bytes and money are decimal text, since they pass 2^53. Money is in millionths of its currency.
- Fields may be added to answers: ignore those that you do not know.
- Where something is wrong the answer is \`{"error": "what is wrong, and what was expected"}\`: 400 for the request, 401 and
  403 for who asks, 404 for what is not there. A parameter that an address does not have is a 400 that names those it has.
- A viewer is shown \`null\` or a pseudonym where others are shown SQL and persons.

The examples want the address and a token; \`ID\` is one that a list told.

\`\`\`sh
OPS=http://127.0.0.1:8081
TOKEN=…
\`\`\`

This page is made from the code. After a change, \`npm test -- tests/ops/openapi --update\` makes it anew; a test fails until
it is, and another runs every example.
`;

const BODY = {
  budget: 'atendimento-day',
  amount: '5 GiB',
  reason: 'month end',
  to: 'Ana',
  until: '2026-11-30T18:00:00-03:00',
};

/** Parameters worth showing, by the name of the endpoint. */
const PARAMETERS: Readonly<Record<string, string>> = {
  listDecisions: '?team=atendimento&limit=5',
  watchDecisions: '?team=atendimento',
  sumSpend: '?by=team,day&time_zone=America/Sao_Paulo',
  sumSavings: '?by=team',
  listGrants: '?all=true',
  listNotices: '?limit=10',
};

/** docs/api.md, whole. */
export function apiPage(): string {
  return [INTRODUCTION, ...endpoints.map(section)].join('\n');
}

function section(endpoint: Description): string {
  const { method, path, summary, role, query } = endpoint;
  const rows = Object.entries(query.shape).map(([name, part]) => `| \`${name}\` | ${meaning(part)} |`);
  return [
    `## ${method.toUpperCase()} ${path}`,
    '',
    `${summary}. For ${role}s${role === 'viewer' ? ' and whoever may more' : ''}.`,
    '',
    ...(rows.length === 0 ? [] : ['| Parameter | |', '|---|---|', ...rows, '']),
    '```sh',
    example(endpoint),
    '```',
    '',
  ].join('\n');
}

function meaning(part: z.core.$ZodType): string {
  return z.globalRegistry.get(part)?.description ?? '';
}

function example({ name, method, path, body, answer }: Description): string {
  const flags = answer !== null && 'events' in answer ? '-sN' : '-s';
  const asked = method === 'get' ? '' : ` -X ${method.toUpperCase()}`;
  const url = `"$OPS/api/v1${path.replace('{id}', '$ID')}${PARAMETERS[name] ?? ''}"`;
  const call = `curl ${flags}${asked} ${url} -H "Authorization: Bearer $TOKEN"`;
  if (body === null) return call;
  return `${call} \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(BODY)}'`;
}
