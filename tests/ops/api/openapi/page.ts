import { z } from 'zod';
import { endpoints } from '../../../../src/ops/api/api.ts';
import type { EndpointDescription } from '../../../../src/ops/api/endpoints/endpoint.ts';

const INTRODUCTION = `# The API of the operators' port

\`/api/v1/openapi.json\` describes the API in OpenAPI 3.1, for programs that generate clients or check answers: every endpoint,
its parameters, and the fields of every answer. It is generated from the same source as the router, so it describes the
running version. Everyone who may read anything may read it ([access.md](access.md)).

- Bytes and money are decimal strings, since they can exceed 2^53. Money is in millionths of its currency.
- Answers may get new fields: ignore those that you do not know.
- Errors are answered with \`{"error": "what is wrong, and what was expected"}\`: 400 if the request is wrong, 401 and 403 if
  the caller may not, 404 if there is no such thing. An unknown parameter gets a 400 that names the known ones.
- Viewers see \`null\` or a pseudonym instead of SQL and persons.

The examples need the address and a token; \`ID\` is one from a list.

\`\`\`sh
OPS=http://127.0.0.1:8081
TOKEN=…
\`\`\`

This page is generated from the code. After a change, run \`npm test -- tests/ops/api/openapi --update\`; a test fails until you do,
and another runs every example.
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

function section(endpoint: EndpointDescription): string {
  const { method, path, summary, role, query } = endpoint;
  const rows = Object.entries(query.shape).map(([name, part]) => `| \`${name}\` | ${meaning(part)} |`);
  return [
    `## ${method.toUpperCase()} ${path}`,
    '',
    `${summary}. For ${role}s${role === 'viewer' ? ', analysts and operators' : ''}.`,
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

function example({ name, method, path, body, answer }: EndpointDescription): string {
  const flags = answer !== null && 'events' in answer ? '-sN' : '-s';
  const verb = method === 'get' ? '' : ` -X ${method.toUpperCase()}`;
  const url = `"$OPS/api/v1${path.replace('{id}', '$ID')}${PARAMETERS[name] ?? ''}"`;
  const call = `curl ${flags}${verb} ${url} -H "Authorization: Bearer $TOKEN"`;
  if (body === null) return call;
  return `${call} \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(BODY)}'`;
}
