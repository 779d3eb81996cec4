import type { Guardrail } from '../../service/guardrail.ts';
import { DEFAULT_OPS } from '../shared/ask-ops.ts';

/** May grant in the demo. */
export const OPERATOR_TOKEN = 'guardrail-demo-operator';
const PRINCIPAL = 'metabase-atendimento@guardrail-demo.iam.gserviceaccount.com';

/** What the demo tells of itself besides its own addresses. */
interface Shown {
  readonly sandboxUrl: string;
  /** As an ISO instant: the sandbox has no jobs from before. */
  readonly startedAt: string;
  readonly policies: string;
  readonly traffic: boolean;
  readonly seed: number;
}

/** What the demo says once it is up: its addresses, and commands to try that can be pasted as they are. */
export function greeting({ proxyUrl, opsUrl }: Pick<Guardrail, 'proxyUrl' | 'opsUrl'>, shown: Shown): string {
  const { sandboxUrl, startedAt, policies, traffic, seed } = shown;
  // The commands look at the default address by themselves.
  const atOps = opsUrl === DEFAULT_OPS ? '' : ` --ops ${opsUrl}`;
  const curl = (sql: string) => [
    `  curl -s ${proxyUrl}/bigquery/v2/projects/guardrail-demo/queries \\`,
    `    -H 'authorization: Bearer sandbox:${PRINCIPAL}' \\`,
    `    -d '{"useLegacySql": false, "query": "${sql}"}'`,
  ];
  return `${[
    '',
    `Proxy      ${proxyUrl}   point BI tools here`,
    `Console    ${opsUrl}   open it in a browser; ${opsUrl}/api lists what else is there`,
    `           ${opsUrl}/sign-in with the token ${OPERATOR_TOKEN}: may grant too`,
    `Sandbox    ${sandboxUrl}   replaces BigQuery; project guardrail-demo`,
    `Policies   ${policies}/   edits take effect at once`,
    traffic
      ? `Traffic    made-up people of Atendimento, FinOps and Dados use Metabase, dbt and a notebook (seed ${seed}; --no-traffic switches this off)`
      : 'Traffic    none but yours',
    '',
    'A dashboard of customer support asks for every message ever sent, and is refused:',
    ...curl('SELECT * FROM atendimento.messages'),
    '',
    'What it meant to ask passes:',
    ...curl(
      'SELECT sender, COUNT(*) AS messages FROM atendimento.messages WHERE created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY) GROUP BY sender',
    ),
    '',
    'See where the money went and what refusals saved, give more money for a day, and reconcile the ledger with the sandbox:',
    `  npm run guardrail -- spend --by dashboard${atOps}`,
    `  npm run guardrail -- savings${atOps}`,
    `  npm run guardrail -- grant give atendimento-day "5 GiB" --to ana --reason "month-end" --token ${OPERATOR_TOKEN}${atOps}`,
    `  npm run guardrail -- reconcile --endpoint ${sandboxUrl} --token sandbox:${PRINCIPAL} --project guardrail-demo --lag 0 --from ${startedAt} --to "$(date -u +%FT%TZ)"`,
    '  npm run guardrail -- records verify',
    '',
    'Ctrl-C stops everything; what was spent is kept in the ledger.',
  ].join('\n')}\n`;
}
