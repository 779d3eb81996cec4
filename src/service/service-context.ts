import type { Logger } from 'pino';
import type { Metrics } from '../metrics/metrics.ts';
import type { PolicyWatch } from '../policy/watch.ts';
import type { Settings } from '../settings/settings.ts';
import type { Reader } from '../sql/processes/reader.ts';

/** What the parts of a guardrail are made with. */
export interface ServiceContext {
  readonly settings: Settings;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly watch: PolicyWatch;
  readonly reader: Reader;
  /** Aborted when the process stops. */
  readonly stopping: AbortSignal;
}
