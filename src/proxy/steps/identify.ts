import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { credentialOf } from '../../caller/credential.ts';
import { clientSignsOf, hintsOf } from '../../caller/hints.ts';
import { withoutLeadingRemark } from '../../caller/remarks/leading-remark.ts';
import type { Asker } from '../../estimate/dry-run.ts';
import type { Policy } from '../../policy/policy.ts';
import { newDecisionId } from '../../vocabulary/decision-id.ts';
import { whenGone } from '../exchange.ts';
import type { Identified } from '../passage.ts';
import type { QueryJob } from '../request/job/query-job.ts';
import { CREDENTIAL_PARAMETERS } from '../request/parameters.ts';
import { BadRequest } from '../stop.ts';

/** Headers by which the warehouse knows who asks and whose quota is used. */
const ASKER_HEADERS = ['authorization', 'x-goog-user-project', 'x-goog-api-key', 'user-agent'] as const;
/**
 * The equivalent query parameters, and those for the format of answers: an error from the dry run goes to the client.
 */
const ASKER_PARAMETERS = ['key', 'quotaUser', 'userProject', 'prettyPrint'] as const;

interface RequestHead {
  readonly headers: IncomingHttpHeaders;
  readonly url: string;
}

/**
 * Who asks, and for what, as far as the request itself says.
 * @throws BadRequest if a credential comes in another way than the Authorization header
 */
export function identify(
  { request, response }: { readonly request: RequestHead; readonly response: ServerResponse },
  job: QueryJob,
  policy: Policy,
): Omit<Identified, 'trace'> {
  const { hints, remark } = hintsOf({
    sql: job.sql,
    labels: job.labels,
    ...clientSignsOf(request.headers),
  });
  return {
    id: newDecisionId(),
    atMs: Date.now(),
    arrivedAt: performance.now(),
    job,
    sql: remark === null ? job.sql : withoutLeadingRemark(job.sql, remark),
    remarkLabels: remark?.labels ?? {},
    asker: askerOf(request),
    gone: whenGone(response),
    hints,
    policy,
  };
}

/**
 * Who asks, in the form for the warehouse.
 * @throws BadRequest if a credential comes in another way than the Authorization header
 */
export function askerOf(request: RequestHead): Asker {
  const parameters = new URL(request.url, 'http://localhost').searchParams;
  const misplaced = CREDENTIAL_PARAMETERS.find((name) => parameters.has(name));
  if (misplaced !== undefined) {
    throw new BadRequest(
      'invalid',
      `The ${misplaced} parameter is not accepted: send the token in the Authorization header.`,
    );
  }
  const kept = new URLSearchParams();
  for (const name of ASKER_PARAMETERS) {
    const value = parameters.get(name);
    if (value !== null) kept.set(name, value);
  }
  return {
    credentialKey: credentialOf(request.headers.authorization).key,
    headers: pickHeaders(request.headers),
    search: kept.size === 0 ? '' : `?${kept}`,
  };
}

function pickHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of ASKER_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') picked[name] = value;
  }
  return picked;
}
