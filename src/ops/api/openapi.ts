import { z } from 'zod';
import { SESSION_COOKIE } from '../access/cookies.ts';
import {
  type AnswerSchemas,
  answerSchemas,
  failure,
  type Json,
  withoutPatternOfFormat,
} from './answer-schemas.ts';
import type { EndpointDescription } from './endpoints/endpoint.ts';

export const OPENAPI_VERSION = '3.1.1';

const DESCRIPTION =
  'What a guardrail in front of BigQuery decided and what it came to. Counts of bytes and money are decimal text, since ' +
  'they pass 2^53; money is in millionths. Fields may be added: ignore those that you do not know. A parameter that an ' +
  'endpoint does not have is an error. Viewers are shown null or a pseudonym where analysts are shown SQL and persons. ' +
  'What may be read without a credential is said by the setting anonymous_role.';

/** The endpoints as OpenAPI 3.1. @see https://spec.openapis.org/oas/v3.1.1.html */
export function openApiDocument(endpoints: readonly EndpointDescription[]) {
  const answers = answerSchemas(
    new Map(
      endpoints.flatMap(({ name, answer }) => (answer instanceof z.ZodType ? [[name, answer] as const] : [])),
    ),
  );
  return {
    openapi: OPENAPI_VERSION,
    info: {
      title: 'guardrail',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    paths: pathsOf(endpoints, answers),
    components: {
      schemas: answers.schemas,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'a token of a viewer, analyst or operator' },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'made at /sign-in' },
      },
    },
  } as const;
}

function pathsOf(endpoints: readonly EndpointDescription[], answers: AnswerSchemas): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operationOf(endpoint, answers) };
  }
  return paths;
}

function operationOf(endpoint: EndpointDescription, answers: AnswerSchemas): Json {
  const { name, summary, role, body } = endpoint;
  const credentials = [{ token: [] }, { session: [] }];
  return {
    operationId: name,
    summary,
    description: role === 'operator' ? 'For operators.' : `For ${role}s, and roles that include theirs.`,
    security: role === 'operator' ? credentials : [...credentials, {}],
    parameters: [...pathParameters(endpoint), ...queryParameters(endpoint)],
    ...(body === null ? {} : { requestBody: { required: true, content: inJson(inputSchema(body)) } }),
    responses: responsesOf(endpoint, answers),
  };
}

function pathParameters({ path }: EndpointDescription): readonly Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters({ query }: EndpointDescription): readonly Json[] {
  return Object.entries(query.shape).map(([name, part]) => {
    const { description, ...schema } = inputSchema(part);
    return { name, in: 'query', description, schema };
  });
}

function responsesOf(
  { status, answer, failures, role, body }: EndpointDescription,
  answers: AnswerSchemas,
): Json {
  const failed = (description: string) => ({
    description,
    content: inJson({ $ref: answers.refTo(failure) }),
  });
  return {
    [status]: { description: 'Done', ...contentOf(answer, answers) },
    400: failed('The request is wrong'),
    401: failed('The caller is unknown'),
    403: failed(`Who asks is no ${role}, or another site has a browser ask`),
    ...(body === null ? {} : { 413: failed('The body is too large') }),
    503: failed('The ledger did not answer; /readyz says how it is'),
    ...Object.fromEntries(Object.entries(failures).map(([code, why]) => [code, failed(why)])),
    500: failed('guardrail failed; its log says why'),
  };
}

function contentOf(answer: EndpointDescription['answer'], { refTo }: AnswerSchemas): Json {
  if (answer === null) return {};
  if (answer instanceof z.ZodType) return { content: inJson({ $ref: refTo(answer) }) };
  return { content: { 'text/event-stream': { schema: { type: 'string', description: answer.events } } } };
}

function inJson(schema: Json): Json {
  return { 'application/json': { schema } };
}

/** What is accepted, before it is parsed. */
function inputSchema(part: z.core.$ZodType): Json {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(part, {
    io: 'input',
    override: withoutPatternOfFormat,
  });
  return schema;
}
