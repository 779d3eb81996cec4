import { pino } from 'pino';
import { startGuardrail } from '../../../src/service/guardrail.ts';
import { parseSettings } from '../../../src/settings/settings.ts';

/**
 * Run as a process: `guardrail-process.ts UPSTREAM LEDGER`. A guardrail whose memory can be measured separately: it
 * sends its address once it listens, and answers every message with the bytes it holds after a garbage collection.
 * Needs `--expose-gc`.
 */
const [, , upstream, path] = process.argv;
const parsed = parseSettings({
  listen: '127.0.0.1:0',
  ops_listen: '127.0.0.1:0',
  upstream,
  ledger: `sqlite:${path}`,
  ledger_spool: `${path}-spool.jsonl`,
  token_info_url: '',
});
if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
const { proxyUrl } = await startGuardrail(parsed.settings, pino({ level: 'silent' }));
process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
});
process.send?.(proxyUrl);
