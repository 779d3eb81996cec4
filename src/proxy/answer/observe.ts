import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { createFieldScanner } from './field-scanner.ts';
import { type JobOutcome, OUTCOME_PATHS, readOutcome } from './job-outcome.ts';

/**
 * Watches an answer of the warehouse go by and tells what it says about the job. Listens beside whoever pipes the
 * answer on and delays no byte of it; an answer that breaks off yields what was seen until then. Never rejects.
 */
export function observeOutcome(answer: IncomingMessage): Promise<JobOutcome> {
  const scanner = createFieldScanner(OUTCOME_PATHS);
  return new Promise((resolve) => {
    const finish = () => resolve(readOutcome(scanner.fields));
    if (answer.headers['content-encoding'] === 'gzip') observeGzip(answer, scanner.write, finish);
    else {
      answer.on('data', scanner.write);
      answer.once('close', finish);
    }
  });
}

/** A copy that falls this far behind is given up, since it may neither hold up the answer nor fill the memory. */
const FURTHEST_BEHIND_BYTES = 32 * 1024 * 1024;

function observeGzip(answer: IncomingMessage, write: (chunk: Uint8Array) => void, finish: () => void): void {
  const gunzip = createGunzip();
  gunzip.on('data', write);
  gunzip.once('close', finish);
  // A broken gzip stream is the client's to complain of; what was read until then still counts.
  gunzip.once('error', finish);
  answer.on('data', (chunk: Uint8Array) => {
    if (gunzip.writableLength > FURTHEST_BEHIND_BYTES) gunzip.destroy();
    if (!gunzip.destroyed) gunzip.write(chunk);
  });
  answer.once('close', () => {
    if (!gunzip.destroyed) gunzip.end();
  });
}
