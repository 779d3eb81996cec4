import type { Language } from '../../../foundation/text/language.ts';
import { loadPolicy } from '../../../policy/load.ts';
import type { Policy } from '../../../policy/policy.ts';
import { principalFor } from '../../../rehearsal/principal-for.ts';
import { type RehearsedQuery, rehearse } from '../../../rehearsal/rehearse.ts';
import { type LedgerFlags, withLedger } from '../../shared/ledger-option.ts';
import type { Explanation } from './formats.ts';
import { explainedQuery, type WarehouseFlags } from './query.ts';
import { fromLedger, fromWarehouse, WITHOUT_LEDGER } from './surroundings.ts';

export interface ExplainRun extends LedgerFlags, WarehouseFlags {
  readonly policies: string;
  readonly as?: string;
  readonly language?: Language;
}

/** @throws PolicyRejected; LedgerError; Error if nobody is meant by `as`, or the warehouse does not answer */
export async function explain(sql: string, run: ExplainRun): Promise<Explanation> {
  const policy = await loadPolicy(run.policies);
  const principal = run.as === undefined ? null : principalNamed(run.as, policy);
  const { query, source } = await explainedQuery(sql, principal, run);
  const rehearsed: RehearsedQuery = run.language === undefined ? query : { ...query, language: run.language };
  const hasLedger = run.ledger !== undefined || run.config !== undefined;
  const warehouse = await fromWarehouse(run);
  const rehearsal = hasLedger
    ? await withLedger(run, (ledger) => rehearse(policy, rehearsed, { ...warehouse, ...fromLedger(ledger) }))
    : await rehearse(policy, rehearsed, { ...warehouse, ...WITHOUT_LEDGER });
  return { sql, source, hasLedger, facts: policy.factsOn(rehearsal), rehearsal };
}

function principalNamed(as: string, policy: Policy): string {
  const found = principalFor(as, policy);
  if (typeof found === 'string') return found;
  throw new Error(`${found.problem}; ${found.expected}`);
}
