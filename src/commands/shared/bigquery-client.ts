import { BigQuery } from '@google-cloud/bigquery';
import { OAuth2Client } from 'google-auth-library';
import { z } from 'zod';

/**
 * Google's own client, for a command.
 * @param token bearer token; without one, GUARDRAIL_TOKEN, or else application default credentials
 * @param autoRetry false if the command itself decides what to retry
 */
export function bigQueryClient(options: {
  readonly projectId: string;
  readonly endpoint: string;
  readonly token: string | undefined;
  readonly autoRetry?: boolean;
}): BigQuery {
  const token = options.token ?? process.env['GUARDRAIL_TOKEN'];
  return new BigQuery({
    projectId: options.projectId,
    apiEndpoint: options.endpoint,
    autoRetry: options.autoRetry ?? true,
    ...(token === undefined ? {} : { authClient: authClientOf(token) }),
  });
}

function authClientOf(token: string): OAuth2Client {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: token });
  return client;
}

const failure = z.object({
  message: z.string(),
  errors: z.array(z.object({ reason: z.string().optional() })).optional(),
});

/** The reason and message of an error that the client threw: `notFound: Not found: Table p.d.t`. */
export function clientErrorText(error: unknown): string {
  const { data } = failure.safeParse(error);
  if (data === undefined) return String(error);
  const reason = data.errors?.[0]?.reason;
  return reason === undefined ? data.message : `${reason}: ${data.message}`;
}
