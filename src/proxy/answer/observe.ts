import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { createFieldScanner } from './field-scanner.ts';
import { type JobOutcome, OUTCOME_PATHS, readOutcome } from './job-outcome.ts';

/**
 * The API sends at most 10 MB of rows in one answer. Of a longer answer only this much is read: if what was billed
 * stands further on, the job itself is asked, which costs less than reading gigabytes.
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
    // The memory of a chunk is given back once it has gone out to the client, which may be before it is unzipped
    // here.
    if (!gunzip.destroyed) gunzip.write(Buffer.from(chunk));
  });
  answer.once('close', () => {
    if (!gunzip.destroyed) gunzip.end();
  });
}
