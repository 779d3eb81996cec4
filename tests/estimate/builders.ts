import { credentialOf } from '../../src/caller/credential.ts';
import type { Asker, PricedJob } from '../../src/estimate/dry-run.ts';

export const PROJECT = 'guardrail-demo';
export const ANA = 'ana@guardrail-demo.example';
export const BIA = 'bia@guardrail-demo.example';

/** A GoogleSQL query to be priced. */
export function job(sql: string, changes: Partial<PricedJob> = {}): PricedJob {
  return {
    projectId: PROJECT,
    location: null,
    configuration: { query: { query: sql, useLegacySql: false } },
    ...changes,
  };
}

/** A caller with this token. */
export function asker(token: string, changes: Partial<Asker> = {}): Asker {
  const authorization = `Bearer ${token}`;
  return {
    credentialKey: credentialOf(authorization).key,
    headers: { authorization },
    search: '',
    ...changes,
  };
}
