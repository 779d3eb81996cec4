import { replayRecords } from '../../../src/commands/policy/replay/run.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { policyOf } from '../../policy/builders.ts';
import { DAY_MS, FIRST_MS, fill, month, type PastQuery, PROJECT } from './month.ts';

/** One US cent per GiB, and a team for each principal. */
export const BASE = `
teams:
  - { name: atendimento, principals: ["metabase-atendimento@*"] }
  - { name: finops, principals: ["metabase-finops@*"] }
catalog:
  tables:
    - { table: ${PROJECT}.atendimento.legacy_messages_export, status: legacy }
    - { table: ${PROJECT}.atendimento.messages, partition_column: created_at }
pricing: { currency: USD, on_demand_per_tib: { default: "10.24" } }
`;

export const NO_STAR = `
  - name: no-star
    mode: deny
    when: query.tables.exists(t, t.star && !t.partition_filter)
    message: Name the columns.
`;

const LEGACY_WARNS = `
  - { name: legacy-table, mode: warn, when: 'query.tables.exists(t, t.status == "legacy")', message: Move on. }
`;

interface Run {
  readonly base?: string;
  readonly queries?: readonly PastQuery[];
  readonly rules?: string;
  readonly budgets?: string;
  readonly fromMs?: number;
  readonly asOfMs?: number;
  readonly withBudgets?: boolean;
}

export async function replayed({
  queries = month,
  rules = NO_STAR + LEGACY_WARNS,
  budgets,
  base = BASE,
  ...run
}: Run = {}) {
  const files = { 'a.yaml': `${base}rules:${rules}${budgets === undefined ? '' : `budgets:${budgets}`}` };
  const ledger = await openLedger('sqlite::memory:');
  try {
    await fill(ledger, queries);
    return await replayRecords(ledger.read, {
      candidate: policyOf(files),
      fromMs: FIRST_MS,
      toMs: FIRST_MS + 31 * DAY_MS,
      asOfMs: FIRST_MS,
      withBudgets: budgets !== undefined,
      onProgress: () => undefined,
      ...run,
    });
  } finally {
    await ledger.close();
  }
}
