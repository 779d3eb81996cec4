import type { ReadingSettings } from '../settings/reading.ts';
import { createReader, type Reader } from '../sql/processes/reader.ts';
import type { ServiceContext } from './service-context.ts';

/** Reads SQL, and counts the outcomes. Its processes take some time to start, during which the rest is made. */
export function startReader({
  settings,
  log,
  metrics,
}: Pick<ServiceContext, 'settings' | 'log' | 'metrics'>): Reader {
  return createReader({
    ...readLimits(settings),
    processes: settings.readProcesses,
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

/** How much SQL is read, and for how long, whichever processes read it. */
export function readLimits({ maxSqlCharacters, maxSqlDepth, readTimeoutMs, readWaitMs }: ReadingSettings) {
  return {
    limits: { characters: maxSqlCharacters, depth: maxSqlDepth, milliseconds: readTimeoutMs },
    waitMs: readWaitMs,
  };
}
