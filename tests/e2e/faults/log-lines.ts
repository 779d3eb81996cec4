import { Writable } from 'node:stream';
import { pino } from 'pino';

/** A line of the log, as far as tests look at it. */
interface LogLine {
  readonly msg: string;
  readonly code?: string | null;
}

/** A log of warnings and errors that tests can read. */
export function readableLog() {
  const lines: LogLine[] = [];
  const into = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)));
      done();
    },
  });
  return { lines, log: pino({ level: 'warn' }, into) };
}
