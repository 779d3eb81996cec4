import { BigQuery } from '@google-cloud/bigquery';
import { OAuth2Client } from 'google-auth-library';

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
