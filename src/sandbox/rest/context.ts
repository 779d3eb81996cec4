import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { BigQueryError, type Warehouse } from '../warehouse.ts';
import type { JobView } from './jobs/job-resource.ts';
import type { Jobs } from './jobs/jobs.ts';
import type { ResultStore } from './jobs/result-store.ts';

/** What the resources of one sandbox share. */
export interface SandboxContext {
  readonly warehouse: Warehouse;
  readonly jobs: Jobs;
  readonly results: ResultStore;
  readonly maxPageBytes: number;
  readonly omitUserEmail: boolean;
  readonly log: Logger;
}

/** A request, and the answer to it. */
export interface Exchange {
  readonly request: Request;
  readonly response: Response;
}

export function jobView(context: SandboxContext, request: Request): JobView {
  return { origin: originOf(request), omitUserEmail: context.omitUserEmail };
}

/** The address through which the client reached the sandbox. */
export function originOf(request: Request): string {
  return `${request.protocol}://${request.get('host') ?? 'localhost'}`;
}

/** @throws BigQueryError `notFound` if the sandbox has no such project */
export function requireProject({ warehouse }: SandboxContext, projectId: string): void {
  if (warehouse.listProjects().includes(projectId)) return;
  throw new BigQueryError(404, 'notFound', `Not found: Project ${projectId}`);
}
