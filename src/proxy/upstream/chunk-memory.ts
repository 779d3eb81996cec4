import type { IncomingMessage, ServerResponse } from 'node:http';

/*
 * A chunk of an answer is garbage as soon as it is written, and of a large result the collector lets 64 MiB of it
 * lie before it looks: V8 counts memory outside of its heap only so coarsely. Here each chunk is given back the
 * moment that nobody reads it any more.
 */

/**
 * What is smaller mostly lies in memory that Node shares out among buffers, and is little garbage. Where many answers
 * come at once, a connection is read some kilobytes at a time.
 */
const LEAST_BYTES = 1024;

/**
 * Gives the memory of what came over the wire back as soon as the parser has read it: the body that it hands on is a
 * copy. To be called once the head of the answer is here, when the parser already listens to the connection.
 */
export function freeOnceParsed(answer: IncomingMessage): void {
  const { socket } = answer;
  socket.on('data', free);
  // The connection's next answer has a parser that listens anew, and has to come first.
  const stop = () => socket.off('data', free);
  answer.once('end', stop);
  answer.once('close', stop);
}

/**
 * Gives the memory of each chunk of an answer back as soon as it has gone out. Whoever looks at the answer beside the
 * client reads each chunk at once, or keeps a copy.
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

/** A part of a larger buffer is left alone, since others may read the rest of it; so is a text. */
function free(chunk: unknown): void {
  if (!(chunk instanceof Uint8Array) || chunk.byteLength < LEAST_BYTES) return;
  const { buffer, byteLength } = chunk;
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0);
}
