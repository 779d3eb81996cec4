import { requireRole } from '../../../../src/ops/access/identify.ts';
import type { Endpoint } from '../../../../src/ops/api/endpoints/endpoint.ts';
import type { OpsSources } from '../../../../src/ops/sources.ts';
import { pricing } from '../../../budget/builders.ts';
import { accessWith, BIA, serve } from '../../access/builders.ts';

/**
 * What an endpoint answers a viewer when budgets are in São Paulo time, three hours behind UTC.
 * @param questions those that the endpoint asks
 */
export async function answerOf(
  endpoint: Endpoint,
  questions: Partial<OpsSources['questions']>,
  query: string,
): Promise<{ readonly status: number; readonly answer: unknown }> {
  // Everything that endpoints of sums use of their sources.
  const sources = {
    questions,
    policy: () => ({ pricing }),
    reportsTimeZone: () => 'America/Sao_Paulo',
  } as unknown as OpsSources;
  const url = await serve(accessWith(), (app) => {
    app.get(endpoint.path, requireRole('viewer'), endpoint.handler(sources));
  });
  const response = await fetch(`${url}${endpoint.path}?${query}`, {
    headers: { authorization: `Bearer ${BIA}` },
  });
  return { status: response.status, answer: await response.json() };
}
