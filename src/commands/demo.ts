import { Command } from 'commander';
import { startSandbox } from '../sandbox/sandbox.ts';
import { prepareGuardrail } from '../service/guardrail.ts';
import { checkAddress, urlOf } from '../service/listen.ts';
import { createLog } from '../service/log.ts';
import { loadSettings } from '../settings/load.ts';
import type { Settings } from '../settings/settings.ts';
import { greeting, OPERATOR_TOKEN } from './demo/greeting.ts';
import { demoVisits, startDemoTraffic } from './demo/traffic.ts';
import { examples } from './shared/examples.ts';
import { count, countOrNone, port } from './shared/option-values.ts';
import { showShare } from './shared/progress.ts';
import { untilStopped } from './shared/stop-signal.ts';

const SANDBOX_PORT = 9050;

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
