import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One kept connection that sends a request and waits for its answer, again and again. It is written on the socket
 * itself: a whole HTTP client would cost as much as what is measured.
 */
export interface Connection {
  /** Resolves to the status when the whole answer is there. */
  exchange(request: Buffer): Promise<number>;
  close(): void;
}

export async function openConnection(url: URL): Promise<Connection> {
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
  await once(socket, 'connect');
  // That it is closed tells as much.
  socket.on('error', () => undefined);
  return {
    exchange(request) {
      socket.write(request);
      return answerOn(socket);
    },
    close: () => void socket.destroy(),
  };
}

function answerOn(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const hear = (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const head = received.indexOf(HEAD_END);
      if (head === -1) return;
      const text = received.toString('latin1', 0, head);
      const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
      if (length === undefined) return leave(() => reject(new Error(`an answer tells no length:\n${text}`)));
      if (received.length >= head + HEAD_END.length + Number(length))
        leave(() => resolve(Number(text.slice(9, 12))));
    };
    const end = () => leave(() => reject(new Error('the connection was closed before the answer')));
    const leave = (then: () => void) => {
      socket.off('data', hear).off('close', end);
      then();
    };
    socket.on('data', hear).on('close', end);
  });
}
