import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { createFieldScanner } from './field-scanner.ts';
import { type JobOutcome, OUTCOME_PATHS, readOutcome } from './job-outcome.ts';

/**
 * The API sends 10 MB of rows in an answer, in its own JSON. Of one that is longer than this, the rest is not read:
 * where what was billed stands behind it, the job itself is asked, which is cheaper than to read gigabytes.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query
 */
const MOST_READ_BYTES = 32 * 1024 * 1024;

/**
 * Watches an answer of the warehouse go by and tells what it says about the job. Listens beside whoever pipes the
 * answer on and delays no byte of it; an answer that breaks off yields what was seen until then. Never rejects.
 * @param mostReadBytes of one that is longer, what comes later is not looked at
 */
export function observeOutcome(
  answer: IncomingMessage,
  mostReadBytes: number = MOST_READ_BYTES,
): Promise<JobOutcome> {
  const scanner = createFieldScanner(OUTCOME_PATHS);
  return new Promise((resolve) => {
    const finish = () => resolve(readOutcome(scanner.fields));
    if (answer.headers['content-encoding'] === 'gzip') observeGzip(answer, scanner.write, finish);
    else {
      let left = mostReadBytes;
      const read = (chunk: Uint8Array) => {
        scanner.write(chunk);
        left -= chunk.length;
        if (left < 0) answer.off('data', read);
      };
      answer.on('data', read);
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
    // What goes on to the client is given back as soon as it has gone out, which may be before it is read here.
    if (!gunzip.destroyed) gunzip.write(Buffer.from(chunk));
  });
  answer.once('close', () => {
    if (!gunzip.destroyed) gunzip.end();
  });
}
