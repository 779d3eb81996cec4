import { Writable } from 'node:stream';
import { pino } from 'pino';

/** The parts of a log line that tests read. */
interface LogLine {
  readonly msg: string;
  readonly code?: string | null;
}

/** A logger whose warnings and errors tests can read. */
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
