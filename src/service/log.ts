import { type Logger, type LoggerOptions, pino, stdSerializers } from 'pino';
import pretty from 'pino-pretty';

/** What of an error says where it comes from. All else that errors carry may be a query's: its SQL, its caller. */
const TOLD_OF_ERRORS = ['type', 'code', 'message', 'stack'] as const;

/** Never logged by today's code; should one ever be, its value is not written. */
const HEADERS = ['headers', '*.headers', '*.*.headers', 'authorization', '*.authorization'];

/** How every line is written, whatever it is written to. */
export const LOG_OPTIONS: LoggerOptions = {
  serializers: { err: toldOfError },
  redact: { paths: HEADERS, censor: '[not logged]' },
};

/** Logs for people where a person watches, JSON lines where a machine reads. */
export function createLog(level: string): Logger {
  const options = { ...LOG_OPTIONS, level };
  if (!process.stderr.isTTY) return pino(options, standardError());
  return pino(options, pretty({ destination: 2, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }));
}

/** What waits at most to be written where standard error takes nothing; lines beyond it are dropped. */
const MOST_WAITING_CHARACTERS = 4 << 20;

/** Where it leads to a file whose disk is full, queries go on, and so do the lines once there is room. */
function standardError() {
  const destination = pino.destination({ dest: 2, maxLength: MOST_WAITING_CHARACTERS });
  const flushSync = destination.flushSync.bind(destination);
  let takesNothing = false;
  // There is nobody left to tell; without a listener, an error would end the process.
  destination.on('error', () => {
    takesNothing = true;
  });
  destination.on('write', () => {
    takesNothing = false;
  });
  // Asked for as the process ends, which it would not: it tries until all is written.
  destination.flushSync = () => {
    if (!takesNothing) flushSync();
  };
  return destination;
}

function toldOfError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const whole = stdSerializers.err(error);
  return Object.fromEntries(
    TOLD_OF_ERRORS.flatMap((key) => (whole[key] === undefined ? [] : [[key, whole[key]]])),
  );
}
