import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { type RequestOptions, request as secureRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { loadSettings } from '../settings/load.ts';
import type { Settings } from '../settings/settings.ts';
import type { ListenAddress } from '../settings/value-kinds.ts';
import { examples } from './shared/examples.ts';
import { configOption } from './shared/shared-options.ts';

const TIMEOUT_MS = 2_000;

/** `guardrail health`: for the health checks of container engines, which run a command inside the container. */
export function healthCommand(): Command {
  return new Command('health')
    .description('Ask guardrail, as it runs with these settings, whether it is ready. Exits 0 if it is.')
    .addHelpText('after', examples('health && echo ready'))
    .addOption(configOption())
    .action(async (flags: { readonly config?: string }) => {
      const settings = await loadSettings(process.env, { file: flags.config });
      const answer = await readiness(settings);
      process.stdout.write(`${answer.text}\n`);
      if (answer.status !== 200) process.exitCode = 1;
    });
}

async function readiness({ opsListen, opsTls }: Settings): Promise<{ status: number; text: string }> {
  const address = { host: reachable(opsListen), port: opsListen.port, path: '/readyz', timeout: TIMEOUT_MS };
  if (opsTls === null) return answerTo(request, address);
  return answerTo(secureRequest, {
    ...address,
    // It asks its own process, whose certificate has the host name by which others know it.
    rejectUnauthorized: false,
    // If clients must show a certificate, the listener's own is the one at hand.
    cert: await readFile(opsTls.certificate),
    key: await readFile(opsTls.key),
  });
}

/** An address that means all addresses of the machine is reached by the loopback address. */
function reachable({ host }: ListenAddress): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

function answerTo(
  ask: typeof request | typeof secureRequest,
  options: RequestOptions,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = ask(options, (answer) => {
      text(answer).then((read) => resolve({ status: answer.statusCode ?? 0, text: read }), reject);
    });
    sent.once('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    sent.once('error', (cause) => {
      const where = `${options.host}:${options.port}`;
      reject(new Error(`No guardrail answers at ${where}: ${cause.message}`, { cause }));
    });
    sent.end();
  });
}
