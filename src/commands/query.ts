import { Command } from 'commander';
import { errorCode } from '../foundation/text/error-code.ts';
import { bigQueryClient, clientErrorText } from './shared/bigquery-client.ts';
import { examples } from './shared/examples.ts';
import { countOrNone, projectId } from './shared/option-values.ts';
import { tokenOption } from './shared/shared-options.ts';

interface QueryFlags {
  readonly endpoint: string;
  readonly project: string;
  readonly token?: string;
  readonly limit: number;
}

/** `guardrail query SQL`: sends a query as a dashboard would, through Google's own client, and shows the result. */
export function queryCommand(): Command {
  return new Command('query')
    .description("Run a query through the proxy with Google's own client, to see what a dashboard would get.")
    .addHelpText('after', examples("query 'SELECT COUNT(*) FROM atendimento.tickets' --project your-project"))
    .argument('<sql>', 'GoogleSQL')
    .option('--endpoint <url>', 'where the proxy is', 'http://127.0.0.1:8080')
    .option('--project <id>', 'project that the query runs in', projectId, 'guardrail-demo')
    .addOption(tokenOption())
    .option('--limit <rows>', 'rows to show', countOrNone, 20)
    .action(async (sql: string, flags: QueryFlags) => {
      const rows = await rowsOf(sql, flags);
      for (const row of rows.slice(0, flags.limit)) process.stdout.write(`${JSON.stringify(row)}\n`);
      process.stderr.write(rows.length === 1 ? '1 row\n' : `${rows.length} rows\n`);
    });
}

async function rowsOf(sql: string, { endpoint, project, token }: QueryFlags): Promise<readonly unknown[]> {
  const client = bigQueryClient({ projectId: project, endpoint, token, autoRetry: false });
  try {
    const [rows] = await client.query({ query: sql });
    return rows;
  } catch (error) {
    const isUnreached = errorCode(error) === 'ECONNREFUSED' || errorCode(error) === 'ENOTFOUND';
    throw new Error(isUnreached ? unreached(endpoint) : clientErrorText(error), { cause: error });
  }
}

function unreached(endpoint: string): string {
  return `No guardrail answers at ${endpoint}. Is it running? Name its address for BI tools with --endpoint.`;
}
