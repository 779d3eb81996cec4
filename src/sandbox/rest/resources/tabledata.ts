import { Router } from 'express';
import { z } from 'zod';
import { fieldIndex } from '../../rows/field-index.ts';
import { BigQueryError, type Row } from '../../warehouse.ts';
import { type Exchange, requireProject, type SandboxContext } from '../context.ts';
import { answerIfUnchanged, answerText, etagOf, wantsPretty } from '../http/answer.ts';
import { principalOf } from '../http/bearer-token.ts';
import { pageToken } from '../http/page-token.ts';
import { type RowPage, rowPageJson } from '../http/row-page.ts';
import { optional, parseInput } from '../http/wire.ts';
import { anonymousDataset } from '../jobs/job-resource.ts';
import { encodingOfQuery, type RowQuery, rowQuery, startOf } from './row-query.ts';

const tableDataQuery = rowQuery.extend({ selectedFields: optional(z.string().min(1)) });
type TableDataQuery = z.output<typeof tableDataQuery>;

/** Rows, whatever holds them. */
interface RowSource {
  /** The scope of page tokens. */
  readonly scope: string;
  /** True if the rows of this scope can never change. */
  readonly constant: boolean;
  readonly totalRows: number;
  readonly slice: RowPage['slice'];
}

/** `tabledata.list`, for tables and for the anonymous tables that hold results */
export function tableDataRouter(context: SandboxContext): Router {
  const router = Router();
  router.get('/projects/:projectId/datasets/:datasetId/tables/:tableId/data', async (request, response) => {
    const { projectId, datasetId, tableId } = request.params;
    requireProject(context, projectId);
    const query = parseInput(tableDataQuery, request.query);
    const source = datasetId.startsWith('_')
      ? resultRows(context, { principal: principalOf(response), datasetId, tableId }, query)
      : await tableRows(context, { projectId, datasetId, tableId }, query);
    await answerRows(context, { request, response }, source, query);
  });
  return router;
}

async function answerRows(
  { maxPageBytes }: SandboxContext,
  { request, response }: Exchange,
  source: RowSource,
  query: RowQuery,
): Promise<void> {
  const etag = source.constant ? etagOf([source.scope, query]) : null;
  if (etag !== null && answerIfUnchanged(request, response, etag)) return;
  const page: RowPage = {
    startIndex: startOf(query, source.scope),
    totalRows: source.totalRows,
    maxResults: query.maxResults,
    maxBytes: maxPageBytes,
    slice: source.slice,
    head: {
      kind: 'bigquery#tableDataList',
      ...(etag === null ? {} : { etag }),
      totalRows: String(source.totalRows),
    },
    tail: (next) => (next === null ? {} : { pageToken: pageToken(source.scope, next) }),
  };
  await answerText(request, response, rowPageJson(page, wantsPretty(request)));
}

async function tableRows(
  { warehouse }: SandboxContext,
  reference: { readonly projectId: string; readonly datasetId: string; readonly tableId: string },
  query: TableDataQuery,
): Promise<RowSource> {
  const { projectId, datasetId, tableId } = reference;
  const list = (startIndex: number, maxResults: number) =>
    warehouse.listRows(reference, {
      startIndex,
      maxResults,
      selectedFields: query.selectedFields?.split(',') ?? null,
      ...encodingOfQuery(query),
    });
  const { totalRows } = await list(0, 0);
  return {
    scope: `table ${projectId}.${datasetId}.${tableId}`,
    constant: false,
    totalRows: Number(totalRows),
    slice: async (startIndex, count) => (await list(startIndex, count)).rows,
  };
}

function resultRows(
  { results }: SandboxContext,
  reference: { readonly principal: string; readonly datasetId: string; readonly tableId: string },
  query: TableDataQuery,
): RowSource {
  if (reference.datasetId !== anonymousDataset(reference.principal)) {
    throw new BigQueryError(
      403,
      'accessDenied',
      `Access Denied: Table ${reference.datasetId}.${reference.tableId}: the results of another principal's query.`,
    );
  }
  const { rows, principal } = results.get(reference.tableId);
  if (principal !== reference.principal) {
    throw new BigQueryError(404, 'notFound', `Not found: Table ${reference.datasetId}.${reference.tableId}`);
  }
  const encoding = encodingOfQuery(query);
  const columns = query.selectedFields?.split(',') ?? null;
  const indexes = columns?.map((name) => fieldIndex(rows.schema, name));
  return {
    scope: reference.tableId,
    constant: true,
    totalRows: rows.totalRows,
    slice(startIndex, count) {
      const slice = rows.page(startIndex, count, encoding);
      return indexes === undefined ? slice : slice.map((row) => pickColumns(row, indexes));
    },
  };
}

function pickColumns(row: Row, indexes: readonly number[]): Row {
  return { f: indexes.flatMap((index) => row.f[index] ?? []) };
}
