import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { type JobOutcome, OUTCOME_PATHS, readOutcome } from '../jobs/job-outcome.ts';
import { decoderFor } from './decoders.ts';
import { createFieldScanner } from './field-scanner.ts';

/**
 * The API sends at most 10 MB of rows in one answer. Only this much of a longer answer is read, once decoded: if what was billed
 * comes later, the job itself is asked, which costs less than reading gigabytes.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query
 */
const MAX_READ_BYTES = 32 * 1024 * 1024;

/**
 * Watches an answer of the warehouse stream by, and resolves to what it says about the job. It listens beside whatever
 * pipes the answer on, and delays no byte of it; an answer that breaks off yields what was seen until then. Never
 * rejects.
 */
export function observeOutcome(answer: IncomingMessage): Promise<JobOutcome> {
  const scanner = createFieldScanner(OUTCOME_PATHS);
  return new Promise((resolve) => {
    const decoder = decoderFor(answer.headers);
    if (decoder !== null) copyTo(decoder, answer);
    const text = decoder ?? answer;
    let left = MAX_READ_BYTES;
    const read = (chunk: Uint8Array) => {
      scanner.write(chunk);
      left -= chunk.length;
      if (left >= 0) return;
      text.off('data', read);
      decoder?.destroy();
    };
    text.on('data', read);
    text.once('close', () => resolve(readOutcome(scanner.fields)));
  });
}

/** A copy that falls this far behind is abandoned, since it must neither hold up the answer nor fill the memory. */
const FURTHEST_BEHIND_BYTES = 32 * 1024 * 1024;

function copyTo(decoder: Transform, answer: IncomingMessage): void {
  // A broken stream is for the client to report; it closes, and what was read until then still counts.
  decoder.on('error', () => undefined);
  answer.on('data', (chunk: Uint8Array) => {
    if (decoder.writableLength > FURTHEST_BEHIND_BYTES) decoder.destroy();
    // A chunk's memory is released once it has gone out to the client, which may be before it is decoded here.
    if (!decoder.destroyed) decoder.write(Buffer.from(chunk));
  });
  answer.once('close', () => {
    if (!decoder.destroyed) decoder.end();
  });
}
