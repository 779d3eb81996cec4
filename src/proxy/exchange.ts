import type { Request, Response } from 'express';

/** The client's request, its body already read, and the response it waits for. */
export interface Exchange {
  readonly request: Request;
  readonly response: Response;
}
