import type { ClientRequest, IncomingMessage } from 'node:http';

/** The warehouse gave no answer at all. */
export class UpstreamUnreachable extends Error {
  /** True if no connection was made, so that nothing can have run. */
  readonly neverSent: boolean;

  constructor(cause: unknown, { neverSent }: { readonly neverSent: boolean }) {
    super('The warehouse could not be reached', { cause });
    this.name = 'UpstreamUnreachable';
    this.neverSent = neverSent;
  }
}

/** Knows whether a request's connection was made, and tells whoever waits for its answer that there is none. */
export interface Failures {
  /** `onFailure` is called at most once, if there is no answer. */
  tell(request: IncomingMessage, onFailure: (error: UpstreamUnreachable) => void): void;
  /** The events of the library that sends requests. */
  readonly on: {
    readonly error: (cause: unknown, request: IncomingMessage) => void;
    readonly econnreset: (cause: unknown, request: IncomingMessage) => void;
    readonly proxyReq: (sent: ClientRequest, request: IncomingMessage) => void;
  };
}

/** @param overTls whether a connection counts as made only once the warehouse has shown who it is */
export function createFailures({ overTls }: { readonly overTls: boolean }): Failures {
  const listeners = new WeakMap<IncomingMessage, (error: UpstreamUnreachable) => void>();
  /** Requests whose connection is not made yet. */
  const connecting = new WeakSet<IncomingMessage>();

  // The library reports some errors by this event and some by `next`, and some by both.
  function error(cause: unknown, request: IncomingMessage): void {
    listeners.get(request)?.(new UpstreamUnreachable(cause, { neverSent: connecting.has(request) }));
    listeners.delete(request);
  }

  function proxyReq(sent: ClientRequest, request: IncomingMessage): void {
    // A client that is about to close its connection says nothing about this one, which others use after it.
    if (!sent.headersSent) sent.setHeader('connection', 'keep-alive');
    if (!sent.reusedSocket) {
      connecting.add(request);
      sent.socket?.once(overTls ? 'secureConnect' : 'connect', () => connecting.delete(request));
    }
    // Nobody asked for another protocol; without a listener, the request would never end.
    sent.once('upgrade', (_answer, socket) => {
      socket.destroy();
      error(new Error('The warehouse switched protocols'), request);
    });
  }

  return {
    tell: (request, onFailure) => void listeners.set(request, onFailure),
    // A client that hangs up also ends its request to the warehouse, which the library reports only by `econnreset`.
    on: { error, econnreset: error, proxyReq },
  };
}
