import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * A chunk of an answer is garbage as soon as it is written, and for a large result the collector lets 64 MiB of it pile
 * up before it runs: V8 counts memory outside its heap only that coarsely. Here each chunk is released the moment that
 * nobody reads it any more.
 */

/**
 * Smaller chunks mostly lie in memory that Node shares among buffers, and make little garbage. When many answers come
 * at once, connections are read in pieces of some kilobytes.
 */
const LEAST_BYTES = 1024;

/**
 * Releases the memory of what came over the wire as soon as the parser has read it: the body that it passes on is a
 * copy. To be called once the head of the answer is here, when the parser already listens to the connection.
 */
export function freeOnceParsed(answer: IncomingMessage): void {
  const { socket } = answer;
  socket.on('data', free);
  // The connection's next answer gets a new parser listener, which must come first.
  const stop = () => socket.off('data', free);
  answer.once('end', stop);
  answer.once('close', stop);
}

/**
 * Releases the memory of each chunk of an answer as soon as it has gone out. Anything that looks at the answer beside
 * the client must read each chunk at once, or keep a copy.
 */
export function freeOnceSent(response: ServerResponse): void {
  const write: (chunk: Uint8Array, sent: (error?: Error | null) => void) => boolean =
    response.write.bind(response);
  response.write = (chunk: Uint8Array, ...rest: unknown[]) => {
    const sent = rest.find((one) => typeof one === 'function');
    return write(chunk, (error) => {
      free(chunk);
      sent?.(error);
    });
  };
}

/** A part of a larger buffer is left alone, since others may read the rest of it; so is a string. */
function free(chunk: unknown): void {
  if (!(chunk instanceof Uint8Array) || chunk.byteLength < LEAST_BYTES) return;
  const { buffer, byteLength } = chunk;
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0);
}
