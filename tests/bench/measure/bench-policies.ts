import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where teams have a budget in bytes; the one of those in no team stays as it is, so that it is reached. */
const WITH_BUDGETS = ['atendimento.yaml', 'engenharia-de-dados.yaml', 'finops.yaml'];

/**
 * Lays down the example policies, their teams' budgets in bytes a million times as large: each query of a bench is
 * billed the least that BigQuery bills, and a bench sends more than a day of them.
 */
export async function layPolicies(folder: string): Promise<void> {
  await cp('policies', folder, { recursive: true });
  for (const name of WITH_BUDGETS) {
    const text = await readFile(join(folder, name), 'utf8');
    await writeFile(join(folder, name), text.replace(/limit: (\d+) GiB/g, 'limit: $1000000 GiB'));
  }
}

/** Settings of a guardrail that is measured: everything it keeps lies in the folder. */
export async function benchSettings(
  folder: string,
  upstream: string,
): Promise<Readonly<Record<string, string>>> {
  const policies = join(folder, 'policies');
  await layPolicies(policies);
  return {
    GUARDRAIL_UPSTREAM: upstream,
    GUARDRAIL_POLICIES: policies,
    GUARDRAIL_LEDGER: `sqlite:${join(folder, 'ledger.db')}`,
    GUARDRAIL_LEDGER_SPOOL: join(folder, 'spool.jsonl'),
    GUARDRAIL_TOKEN_INFO_URL: '',
  };
}
