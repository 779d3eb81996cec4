import { GoogleAuth } from 'google-auth-library';

const SCOPE = 'https://www.googleapis.com/auth/bigquery';

/**
 * The `Authorization` header of a command.
 * @param token bearer token; without one, GUARDRAIL_TOKEN, or else application default credentials
 * @throws Error that says what to do if there is no credential
 */
export async function authorizationOf(token: string | undefined): Promise<string> {
  const given = token ?? process.env['GUARDRAIL_TOKEN'];
  if (given !== undefined) return `Bearer ${given}`;
  try {
    const found = await new GoogleAuth({ scopes: [SCOPE] }).getAccessToken();
    if (found) return `Bearer ${found}`;
  } catch (cause) {
    throw new Error(NO_CREDENTIAL, { cause });
  }
  throw new Error(NO_CREDENTIAL);
}

const NO_CREDENTIAL =
  'There is no credential for the warehouse. Give --token or GUARDRAIL_TOKEN, log in by ' +
  '`gcloud auth application-default login`, or give --bytes to do without the warehouse.';
