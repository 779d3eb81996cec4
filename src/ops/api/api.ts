import express, { Router } from 'express';
import { z } from 'zod';
import { requireRole } from '../access/identify.ts';
import type { OpsSources } from '../sources.ts';
import { decisionEndpoints } from './endpoints/decisions.ts';
import { type Endpoint, endpoint } from './endpoints/endpoint.ts';
import { grantRequestEndpoints } from './endpoints/grant-requests.ts';
import { grantEndpoints } from './endpoints/grants.ts';
import { savings } from './endpoints/savings.ts';
import { spend } from './endpoints/spend.ts';
import { standingEndpoints } from './endpoints/standing.ts';
import { OPENAPI_VERSION, openApiDocument } from './openapi.ts';

const description = endpoint(
  {
    method: 'get',
    path: '/openapi.json',
    name: 'readDescription',
    summary: 'This description, as OpenAPI',
    answer: z.looseObject({ openapi: z.literal(OPENAPI_VERSION) }),
  },
  async () => openApiDocument(endpoints),
);

/** Everything below `/api/v1`. */
export const endpoints: readonly Endpoint[] = [
  ...standingEndpoints,
  ...decisionEndpoints,
  spend,
  savings,
  ...grantEndpoints,
  ...grantRequestEndpoints,
  description,
];

/** The JSON API under `/api/v1`: viewers may read it, analysts also see SQL and persons, and operators may write. */
export function apiRouter(sources: OpsSources): Router {
  const router = Router();
  router.use(requireRole('viewer'));
  for (const { method, path, role, body, handler } of endpoints) {
    const takesBody = body === null ? [] : [express.json()];
    router[method](path.replaceAll(/\{(\w+)\}/g, ':$1'), requireRole(role), ...takesBody, handler(sources));
  }
  router.use((request, response) => {
    response.status(404).json({ error: `there is nothing at ${request.baseUrl}${request.path}` });
  });
  return router;
}
