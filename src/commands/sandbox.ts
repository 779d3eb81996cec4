import { Command } from 'commander';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { formatBytes } from '../vocabulary/bytes.ts';
import { examples } from './shared/examples.ts';
import { count, date, port } from './shared/option-values.ts';
import { showShare } from './shared/progress.ts';
import { untilStopped } from './shared/stop-signal.ts';

interface SandboxFlags {
  readonly port: number;
  readonly host: string;
  readonly asOf?: string;
  readonly messages?: number;
  readonly omitUserEmail?: boolean;
}

/** `guardrail sandbox`: a local stand-in for BigQuery that runs until it is stopped. */
export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description('Serve a local replacement for BigQuery, with made-up data, on DuckDB.')
    .addHelpText('after', examples('sandbox', 'sandbox --port 9051 --messages 100000 --as-of 2026-10-31'))
    .option('--port <number>', 'port to listen on; 0 takes any that is free', port, 9050)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--as-of <date>', 'last day of data, such as 2026-10-31 (default: yesterday)', date)
    .option('--messages <count>', 'rows of atendimento.messages', count)
    .option('--omit-user-email', 'leave user_email out of jobs, as BigQuery may for dry runs')
    .action(async (flags: SandboxFlags) => {
      const { startSandbox } = await import('../sandbox/sandbox.ts');
      const sandbox = await startSandbox({
        ...flags,
        onProgress: (share) => showShare('Making the data', share),
      });
      process.stdout.write(await greeting(sandbox));
      await untilStopped();
      await sandbox.close();
    });
}

/** What to know about a running sandbox: where it is, what it holds, and something to try. */
async function greeting({ url, warehouse }: Sandbox): Promise<string> {
  const lines = [`The sandbox answers as BigQuery on ${url}`];
  for (const projectId of warehouse.listProjects()) {
    for (const { datasetId } of await warehouse.listDatasets(projectId)) {
      const tables = await warehouse.listTables(projectId, datasetId);
      const bytes = tables.reduce((sum, table) => sum + table.numBytes, 0n);
      const names = tables.map((table) => table.reference.tableId).join(', ');
      lines.push(`  ${projectId}.${datasetId}, ${formatBytes(bytes)}: ${names}`);
    }
  }
  const [projectId] = warehouse.listProjects();
  return `${[
    ...lines,
    'A bearer token sandbox:EMAIL is the principal EMAIL. Try:',
    `  curl -s '${url}/bigquery/v2/projects/${projectId}/queries' \\`,
    "    -H 'authorization: Bearer sandbox:ana@guardrail-demo.example' \\",
    `    -d '{"query": "SELECT sender, COUNT(*) AS messages FROM atendimento.messages GROUP BY sender", "useLegacySql": false}'`,
    'Ctrl-C stops it.',
  ].join('\n')}\n`;
}
