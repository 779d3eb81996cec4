import { createHash } from 'node:crypto';
import { Router } from 'express';
import type { SandboxContext } from '../context.ts';
import { answerResource } from '../http/answer.ts';
import { pageOf } from '../http/page-token.ts';
import { parseInput } from '../http/wire.ts';
import { listQuery } from './list-query.ts';

/** `projects.list` */
export function projectsRouter({ warehouse }: SandboxContext): Router {
  const router = Router();
  router.get('/projects', async (request, response) => {
    const projects = warehouse.listProjects();
    const page = pageOf(projects, 'projects', parseInput(listQuery, request.query));
    await answerResource(request, response, {
      kind: 'bigquery#projectList',
      nextPageToken: page.nextPageToken,
      projects: page.items.map((projectId) => ({
        kind: 'bigquery#project',
        id: projectId,
        numericId: numericId(projectId),
        projectReference: { projectId },
        friendlyName: projectId,
      })),
      totalItems: projects.length,
    });
  });
  return router;
}

/** Projects have a number as well as a name: always the same one. */
function numericId(projectId: string): string {
  return String(createHash('sha256').update(projectId).digest().readUIntBE(0, 5));
}
