import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

/** Logs for people where a person watches, JSON lines where a machine reads. */
export function createLog(level: string): Logger {
  if (!process.stderr.isTTY) return pino({ level }, pino.destination(2));
  return pino({ level }, pretty({ destination: 2, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }));
}
