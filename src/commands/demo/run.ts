import { startSandbox } from '../../sandbox/sandbox.ts';
import { prepareGuardrail } from '../../service/guardrail.ts';
import { checkAddress, urlOf } from '../../service/listen.ts';
import { createLog } from '../../service/log.ts';
import { loadSettings } from '../../settings/load.ts';
import type { Settings } from '../../settings/settings.ts';
import { showShare } from '../shared/progress.ts';
import { untilStopped } from '../shared/stop-signal.ts';
import { greeting, OPERATOR_TOKEN } from './greeting.ts';
import { demoVisits, startDemoTraffic } from './traffic.ts';

export interface DemoRun {
  readonly messages?: number;
  readonly sandboxPort: number;
  readonly traffic: boolean;
  readonly seed: number;
}

/** Starts all of it, and stops it when the process is asked to stop. */
export async function runDemo(run: DemoRun): Promise<void> {
  const sandboxUrl = `http://127.0.0.1:${run.sandboxPort}`;
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
  const visits = run.traffic ? await demoVisits(run.seed, Date.now()) : [];
  const prepared = await prepareGuardrail(settings, log);
  const sandbox = await startSandbox({
    port: run.sandboxPort,
    onProgress: (share) => showShare('Making the data', share),
    ...(run.messages === undefined ? {} : { messages: run.messages }),
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
  process.stdout.write(greeting(guardrail, { ...run, sandboxUrl, startedAt, policies: settings.policies }));
  await untilStopped();
  await traffic.stop();
  await guardrail.close();
  await sandbox.close();
}

/** All of the demo is on this machine, so its console's address is the one that it listens on. */
function linkedToConsole(settings: Settings): Settings {
  const { consoleUrl, opsListen, opsTls } = settings;
  if (consoleUrl !== null || opsListen.port === 0) return settings;
  return { ...settings, consoleUrl: urlOf(opsListen, opsTls !== null) };
}
