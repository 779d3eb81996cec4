import { Router } from 'express';
import type { TableDescription } from '../../warehouse.ts';
import { originOf, requireProject, type SandboxContext } from '../context.ts';
import { answerResource } from '../http/answer.ts';
import type { JsonObject } from '../http/json.ts';
import { pageOf } from '../http/page-token.ts';
import { parseInput } from '../http/wire.ts';
import { listQuery } from './list-query.ts';

/** `tables.list` and `tables.get`, for tables and views */
export function tablesRouter(context: SandboxContext): Router {
  const { warehouse } = context;
  const router = Router();

  router.get('/projects/:projectId/datasets/:datasetId/tables', async (request, response) => {
    const { projectId, datasetId } = request.params;
    requireProject(context, projectId);
    const tables = await warehouse.listTables(projectId, datasetId);
    const page = pageOf(tables, `tables ${projectId}.${datasetId}`, parseInput(listQuery, request.query));
    await answerResource(request, response, {
      kind: 'bigquery#tableList',
      nextPageToken: page.nextPageToken,
      tables: page.items.map((table) => ({
        kind: 'bigquery#table',
        ...identity(table),
        ...(table.viewQuery === null ? {} : { view: { useLegacySql: false } }),
      })),
      totalItems: tables.length,
    });
  });

  router.get('/projects/:projectId/datasets/:datasetId/tables/:tableId', async (request, response) => {
    requireProject(context, request.params.projectId);
    const table = await warehouse.getTable(request.params);
    await answerResource(request, response, tableResource(table, originOf(request), warehouse.location));
  });

  return router;
}

function tableResource(table: TableDescription, origin: string, location: string): JsonObject {
  const { projectId, datasetId, tableId } = table.reference;
  return {
    kind: 'bigquery#table',
    ...identity(table),
    selfLink: `${origin}/bigquery/v2/projects/${projectId}/datasets/${datasetId}/tables/${tableId}`,
    description: table.description,
    schema: { fields: table.schema },
    numBytes: String(table.numBytes),
    numLongTermBytes: '0',
    numRows: String(table.numRows),
    numTotalLogicalBytes: String(table.numBytes),
    numActiveLogicalBytes: String(table.numBytes),
    numLongTermLogicalBytes: '0',
    lastModifiedTime: String(table.creationTimeMs),
    location,
    ...(table.viewQuery === null ? {} : { view: { query: table.viewQuery, useLegacySql: false } }),
  };
}

function identity(table: TableDescription): JsonObject {
  const { projectId, datasetId, tableId } = table.reference;
  return {
    id: `${projectId}:${datasetId}.${tableId}`,
    tableReference: { projectId, datasetId, tableId },
    type: table.type,
    creationTime: String(table.creationTimeMs),
    ...(Object.keys(table.labels).length === 0 ? {} : { labels: table.labels }),
    ...(table.timePartitioning === null ? {} : { timePartitioning: table.timePartitioning }),
    ...(table.clustering.length === 0 ? {} : { clustering: { fields: table.clustering } }),
  };
}
