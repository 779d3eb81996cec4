import { createReader, type Reader } from '../sql/reader.ts';
import type { ServiceContext } from './service-context.ts';

/** Reads SQL, and counts the outcomes. Its processes take some time to start, during which the rest is made. */
export function startReader({
  settings,
  log,
  metrics,
}: Pick<ServiceContext, 'settings' | 'log' | 'metrics'>): Reader {
  return createReader({
    limits: {
      characters: settings.maxSqlCharacters,
      depth: settings.maxSqlDepth,
      milliseconds: settings.readTimeoutMs,
    },
    processes: settings.readProcesses,
    waitMs: settings.readWaitMs,
    onReading(outcome, seconds) {
      metrics.sqlReadings.inc({ outcome });
      metrics.sqlReadingSeconds.observe(seconds);
    },
    onReplaced(reason) {
      metrics.sqlReadersReplaced.inc();
      log.warn({ reason }, 'a process that reads SQL was replaced');
    },
  });
}
