import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where teams have a budget in bytes; the one of those in no team stays as it is, so that it is reached. */
const WITH_BUDGETS = ['atendimento.yaml', 'engenharia-de-dados.yaml', 'finops.yaml'];

/**
 * Lays down the example policies, their teams' budgets in bytes and in queries at once a million times as large: a
 * bench sends more than anybody has to spend in a day.
 */
async function layPolicies(folder: string): Promise<void> {
  await cp('policies', folder, { recursive: true });
  for (const name of WITH_BUDGETS) {
    const text = await readFile(join(folder, name), 'utf8');
    await writeFile(
      join(folder, name),
      text.replace(/limit: (\d+) (GiB|at once)/g, (_, limit, unit) => `limit: ${limit}000000 ${unit}`),
    );
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
