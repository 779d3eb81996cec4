import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { redactionOf, visitorOf } from '../../access/identify.ts';
import type { Role } from '../../access/visitor.ts';
import { sendJson } from '../../json.ts';
import { operatorName } from '../../operator-name.ts';
import { readQuery } from '../../read-query.ts';
import type { Redaction } from '../../redaction/redact.ts';
import type { OpsSources } from '../../sources.ts';
import type { DeepReadonly } from '../answers/exactly.ts';

/** The description of an endpoint, from which the router, its access check and the OpenAPI document are derived. */
export interface EndpointDescription {
  readonly method: 'get' | 'post' | 'delete';
  /** Below `/api/v1`, as OpenAPI writes it: `/decisions/{id}`. */
  readonly path: string;
  /** A name for generated clients, such as `listDecisions`. */
  readonly name: string;
  readonly summary: string;
  readonly role: Role;
  /** Its parameters; any other is an error. */
  readonly query: z.ZodObject;
  /** What the body must be; null if there is none. */
  readonly body: z.ZodType | null;
  /** The status of a successful answer. */
  readonly status: 200 | 201 | 204;
  readonly answer: z.ZodType | EventStream | null;
  /** Statuses and reasons for failures, beyond those that every endpoint has. */
  readonly failures: Readonly<Partial<Record<Failure['status'], string>>>;
}

/** A continuous answer as server-sent events, and what each event means. */
interface EventStream {
  readonly events: string;
}

export interface Endpoint extends EndpointDescription {
  handler(sources: OpsSources): RequestHandler;
}

/** Why there is no answer. */
export interface Failure {
  readonly status: 400 | 404 | 429 | 503;
  readonly error: string;
}

/** What is asked, and by whom. */
export interface ApiCall<Query, Path extends string> {
  readonly query: Query;
  readonly params: Readonly<Record<ParameterIn<Path>, string>>;
  /** As it came in the JSON, not yet checked. */
  readonly body: unknown;
  readonly redaction: Redaction;
  /** Null for a visitor who is let in unnamed. */
  readonly askedBy: string | null;
  /** The name under which the books record an operator. */
  readonly operator: string;
}

type ParameterIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterIn<Rest>
  : never;

/** Tells a failure from any other answer. */
export class Failed {
  readonly failure: Failure;

  constructor(status: Failure['status'], error: string) {
    this.failure = { status, error };
  }
}

const NO_PARAMETERS = z.strictObject({});

type Optional = 'role' | 'query' | 'body' | 'status' | 'failures';

/** An endpoint that answers in JSON. By default it reads, is for viewers, and answers with status 200. */
export function endpoint<
  const Path extends string,
  Answer extends z.ZodType | null,
  Query extends z.ZodObject = typeof NO_PARAMETERS,
>(
  description: Omit<EndpointDescription, Optional> &
    Partial<Pick<EndpointDescription, Optional>> & {
      readonly path: Path;
      readonly query?: Query;
      readonly answer: Answer;
    },
  work: (
    call: ApiCall<z.output<Query>, Path>,
    sources: OpsSources,
  ) => Promise<(Answer extends z.ZodType ? DeepReadonly<z.output<Answer>> : null) | Failed>,
): Endpoint {
  const whole: EndpointDescription = {
    role: 'viewer',
    query: NO_PARAMETERS,
    body: null,
    status: 200,
    failures: {},
    ...description,
  };
  // `Query` is the type of `NO_PARAMETERS` if no query is described.
  const query = (description.query ?? NO_PARAMETERS) as Query;
  return {
    ...whole,
    handler: (sources) => async (request: Request, response) => {
      const parameters = readQuery(query, request, response);
      if (parameters === null) return;
      const outcome = await work(
        {
          query: parameters,
          // Express has matched the path that names them.
          params: request.params as Record<ParameterIn<Path>, string>,
          body: request.body,
          redaction: redactionOf(response),
          askedBy: visitorOf(response).name,
          operator: operatorName(response),
        },
        sources,
      );
      answerWith(outcome, whole.status, response);
    },
  };
}

function answerWith(outcome: unknown, status: EndpointDescription['status'], response: Response): void {
  if (outcome instanceof Failed) {
    response.status(outcome.failure.status).json({ error: outcome.failure.error });
  } else if (outcome === null) response.status(status).end();
  else sendJson(response.status(status), outcome);
}
