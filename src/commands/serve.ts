import { Command } from 'commander';
import { VERSION } from '../foundation/version.ts';
import { createLog } from '../service/log.ts';
import { loadSettings } from '../settings/load.ts';
import { examples } from './shared/examples.ts';
import { configOption } from './shared/shared-options.ts';
import { untilStopped } from './shared/stop-signal.ts';

/** `guardrail serve`: guardrail in front of the warehouse named in the settings. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Guard the warehouse in the settings (default: BigQuery).')
    .addHelpText('after', examples('serve', 'serve --config /etc/guardrail/guardrail.yaml'))
    .addOption(configOption())
    .action(async (flags: { readonly config?: string }) => {
      const { startGuardrail } = await import('../service/guardrail.ts');
      const settings = await loadSettings(process.env, { file: flags.config });
      const log = createLog(settings.logLevel);
      const guardrail = await startGuardrail(settings, log);
      log.info(
        {
          version: VERSION,
          proxy: guardrail.proxyUrl,
          ops: guardrail.opsUrl,
          upstream: settings.upstream,
        },
        'guardrail is ready',
      );
      await untilStopped();
      log.info('stopping: no more queries are taken, those under way may end');
      await guardrail.close();
    });
}
