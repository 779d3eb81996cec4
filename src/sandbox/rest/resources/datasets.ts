import { Router } from 'express';
import { notImplemented } from '../../not-implemented.ts';
import type { DatasetDescription } from '../../warehouse.ts';
import { originOf, requireProject, type SandboxContext } from '../context.ts';
import { answerResource } from '../http/answer.ts';
import type { JsonObject } from '../http/json.ts';
import { pageOf } from '../http/page-token.ts';
import { parseInput } from '../http/wire.ts';
import { listQuery } from './list-query.ts';

/** `datasets.list` and `datasets.get` */
export function datasetsRouter(context: SandboxContext): Router {
  const { warehouse } = context;
  const router = Router();

  router.get('/projects/:projectId/datasets', async (request, response) => {
    const { projectId } = request.params;
    requireProject(context, projectId);
    if (request.query['filter']) throw notImplemented('datasets.list with a filter');
    const datasets = await warehouse.listDatasets(projectId);
    const page = pageOf(datasets, `datasets ${projectId}`, parseInput(listQuery, request.query));
    await answerResource(request, response, {
      kind: 'bigquery#datasetList',
      nextPageToken: page.nextPageToken,
      datasets: page.items.map((dataset) => ({
        kind: 'bigquery#dataset',
        ...identity(dataset),
        location: warehouse.location,
      })),
    });
  });

  router.get('/projects/:projectId/datasets/:datasetId', async (request, response) => {
    const { projectId, datasetId } = request.params;
    requireProject(context, projectId);
    const dataset = await warehouse.getDataset(projectId, datasetId);
    await answerResource(request, response, {
      kind: 'bigquery#dataset',
      ...identity(dataset),
      selfLink: `${originOf(request)}/bigquery/v2/projects/${projectId}/datasets/${dataset.datasetId}`,
      description: dataset.description,
      creationTime: String(dataset.creationTimeMs),
      lastModifiedTime: String(dataset.creationTimeMs),
      location: warehouse.location,
      type: 'DEFAULT',
    });
  });

  return router;
}

function identity(dataset: DatasetDescription): JsonObject {
  const { projectId, datasetId, labels } = dataset;
  return {
    id: `${projectId}:${datasetId}`,
    datasetReference: { datasetId, projectId },
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
  };
}
