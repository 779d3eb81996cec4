import { type Logger, type LoggerOptions, pino, stdSerializers } from 'pino';
import pretty from 'pino-pretty';

/**
 * The parts of an error that say where it comes from. Anything else on an error may come from a query: its SQL, its
 * caller.
 */
const ERROR_FIELDS = ['type', 'code', 'message', 'stack'] as const;

/** Today's code never logs these; should any code ever do so, the value is left out. */
const HEADERS = ['headers', '*.headers', '*.*.headers', 'authorization', '*.authorization'];

/** How every line is written, wherever it goes. */
export const LOG_OPTIONS: LoggerOptions = {
  serializers: { err: errorFields },
  redact: { paths: HEADERS, censor: '[not logged]' },
};

/** Readable logs on a terminal, JSON lines elsewhere. */
export function createLog(level: string): Logger {
  const options = { ...LOG_OPTIONS, level };
  if (!process.stderr.isTTY) return pino(options, standardError());
  return pino(options, pretty({ destination: 2, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }));
}

/** Lines go out this often, together: a write costs as much as several lines. */
const BETWEEN_WRITES_MS = 50;
/** What comes faster than this is written without waiting. */
const MAX_GATHERED_CHARACTERS = 8 << 10;

/** The most that waits while standard error accepts nothing; lines beyond that are dropped. */
const MAX_WAITING_CHARACTERS = 4 << 20;

/** A reader that takes nothing for longer has gone, or hangs; a slow one takes something. */
const PATIENCE_MS = 2_000;

/**
 * If standard error goes to a file on a full disk, or to a pipe that nobody empties, queries go on, and lines are written
 * again once there is room.
 */
function standardError() {
  let isBlocked = false;
  let fullSince: number | null = null;
  const destination = pino.destination({
    dest: 2,
    minLength: MAX_GATHERED_CHARACTERS,
    // When the process ends, the library flushes what is left.
    periodicFlush: BETWEEN_WRITES_MS,
    maxLength: MAX_WAITING_CHARACTERS,
    // Called while a pipe is full. Trying for ever would keep the process from ending; the next flush tries again.
    retryEAGAIN: () => {
      fullSince ??= performance.now();
      return performance.now() - fullSince < PATIENCE_MS;
    },
  });
  const flushSync = destination.flushSync.bind(destination);
  // There is nobody left to tell, and without a listener an error would end the process.
  destination.on('error', () => {
    isBlocked = true;
  });
  destination.on('write', () => {
    isBlocked = false;
    fullSince = null;
  });
  // Called when the process ends. Unchecked, it would keep trying until everything is written, and the process would
  // never end.
  destination.flushSync = () => {
    if (isBlocked) return;
    try {
      flushSync();
    } catch {
      // The pipe stays full: nobody reads these lines.
    }
  };
  return destination;
}

function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const serialized = stdSerializers.err(error);
  return Object.fromEntries(
    ERROR_FIELDS.flatMap((key) => (serialized[key] === undefined ? [] : [[key, serialized[key]]])),
  );
}
