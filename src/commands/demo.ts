import { Command } from 'commander';
import { startSandbox } from '../sandbox/sandbox.ts';
import { type Guardrail, prepareGuardrail } from '../service/guardrail.ts';
import { checkAddress, urlOf } from '../service/listen.ts';
import { createLog } from '../service/log.ts';
import { loadSettings } from '../settings/load.ts';
import type { Settings } from '../settings/settings.ts';
import { demoVisits, startDemoTraffic } from './demo/traffic.ts';
import { DEFAULT_OPS } from './shared/ask-ops.ts';
import { examples } from './shared/examples.ts';
import { count, countOrNone, port } from './shared/option-values.ts';
import { showShare } from './shared/progress.ts';
import { untilStopped } from './shared/stop-signal.ts';

const SANDBOX_PORT = 9050;
const OPERATOR_TOKEN = 'guardrail-demo-operator';
const PRINCIPAL = 'metabase-atendimento@guardrail-demo.iam.gserviceaccount.com';

interface DemoFlags {
  readonly messages?: number;
  readonly sandboxPort: number;
  readonly traffic: boolean;
  readonly seed: number;
}

/** `guardrail demo`: everything in one process, with made-up data. What `npm start` runs. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Try it: run sandbox, example policies, ledger and proxy in one process.')
    .addHelpText('after', examples('demo', 'demo --no-traffic --messages 100000'))
    .option('--messages <count>', 'rows of atendimento.messages (default: 3000000)', count)
    .option('--sandbox-port <number>', 'port of the sandbox', port, SANDBOX_PORT)
    .option('--no-traffic', 'only you send queries; otherwise, made-up people look at dashboards')
    .option('--seed <number>', 'decides who sends which query, and when', countOrNone, 1)
    .action(async (flags: DemoFlags) => {
      const sandboxUrl = `http://127.0.0.1:${flags.sandboxPort}`;
      const settings = linkedToConsole(
        await loadSettings(
          {
            GUARDRAIL_LOG_LEVEL: 'warn',
            GUARDRAIL_OPERATOR_TOKENS: `demo=${OPERATOR_TOKEN}`,
            ...process.env,
          },
          { overrides: { upstream: sandboxUrl, token_info_url: `${sandboxUrl}/oauth2/tokeninfo` } },
        ),
      );
      await checkAddress(settings.listen, 'listen', settings.reusePort);
      await checkAddress(settings.opsListen, 'ops_listen');
      const log = createLog(settings.logLevel);
      const visits = flags.traffic ? await demoVisits(flags.seed, Date.now()) : [];
      const prepared = await prepareGuardrail(settings, log);
      const sandbox = await startSandbox({
        port: flags.sandboxPort,
        onProgress: (share) => showShare('Making the data', share),
        ...(flags.messages === undefined ? {} : { messages: flags.messages }),
      }).catch(async (error: unknown) => {
        await prepared.close();
        throw error;
      });
      // Not before its warehouse is up: a client that asks whether it is ready asks whether queries will be answered.
      const guardrail = await prepared.listen().catch(async (error: unknown) => {
        await sandbox.close();
        throw error;
      });
      const startedAt = new Date().toISOString();
      const traffic = startDemoTraffic(visits, guardrail.proxyUrl, log);
      process.stdout.write(
        greeting(guardrail, { ...flags, sandboxUrl, startedAt, policies: settings.policies }),
      );
      await untilStopped();
      await traffic.stop();
      await guardrail.close();
      await sandbox.close();
    });
}

/** All of the demo is on this machine, so its console's address is the one that it listens on. */
function linkedToConsole(settings: Settings): Settings {
  const { consoleUrl, opsListen, opsTls } = settings;
  if (consoleUrl !== null || opsListen.port === 0) return settings;
  return { ...settings, consoleUrl: urlOf(opsListen, opsTls !== null) };
}

function greeting(
  { proxyUrl, opsUrl }: Guardrail,
  shown: Pick<DemoFlags, 'traffic' | 'seed'> & {
    readonly sandboxUrl: string;
    /** As an ISO instant: the sandbox has no jobs from before. */
    readonly startedAt: string;
    readonly policies: string;
  },
): string {
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
