import type { ServerResponse } from 'node:http';
import type { Request, Response } from 'express';

/** The client's request, with its body already read, and the response that it waits for. */
export interface Exchange {
  readonly request: Request;
  readonly response: Response;
}

/** Aborted when the client hangs up before it has its answer; immediately if it has done so already. */
export function whenGone(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const look = () => {
    if (!response.writableFinished) gone.abort();
  };
  if (response.destroyed) look();
  else response.once('close', look);
  return gone.signal;
}
