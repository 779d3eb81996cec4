import { expect, test } from 'vitest';
import { ask, clientOf, envelope, PROJECT, useSandbox } from './sandbox.ts';

const sandbox = useSandbox({ maxPageBytes: 500_000 });

test("Google's own client finds the datasets and their tables", async () => {
  const bigquery = clientOf(sandbox());

  const [datasets] = await bigquery.getDatasets();
  const [tables] = await bigquery.dataset('atendimento').getTables();

  expect(datasets.map((dataset) => dataset.id)).toEqual(expect.arrayContaining(['atendimento', 'finops']));
  expect(tables.map((table) => table.id)).toEqual(expect.arrayContaining(['messages', 'tickets', 'agents']));
});

test('a partitioned table shows its schema, partitioning, rows and bytes', async () => {
  const { body } = await ask(sandbox(), `/projects/${PROJECT}/datasets/atendimento/tables/messages`);

  expect(body).toMatchObject({
    kind: 'bigquery#table',
    etag: expect.any(String),
    id: `${PROJECT}:atendimento.messages`,
    selfLink: `${sandbox().url}/bigquery/v2/projects/${PROJECT}/datasets/atendimento/tables/messages`,
    tableReference: { projectId: PROJECT, datasetId: 'atendimento', tableId: 'messages' },
    type: 'TABLE',
    numRows: '20000',
    numBytes: expect.stringMatching(/^[1-9]\d*$/),
    timePartitioning: { type: 'DAY', field: 'created_at' },
    location: 'US',
  });
  expect(body.schema.fields.map((field: { name: string }) => field.name)).toEqual(
    expect.arrayContaining(['message_id', 'ticket_id', 'sender', 'body', 'created_at']),
  );
});

test('a dataset shows its location', async () => {
  const { body } = await ask(sandbox(), `/projects/${PROJECT}/datasets/atendimento`);

  expect(body).toMatchObject({
    kind: 'bigquery#dataset',
    id: `${PROJECT}:atendimento`,
    datasetReference: { projectId: PROJECT, datasetId: 'atendimento' },
    location: 'US',
  });
});

test('every view shows its query', async () => {
  const list = await ask(sandbox(), `/projects/${PROJECT}/datasets/atendimento/tables?maxResults=1000`);
  const views = list.body.tables.filter((table: { type: string }) => table.type === 'VIEW');

  const described = await Promise.all(
    views.map((view: { tableReference: { tableId: string } }) =>
      ask(sandbox(), `/projects/${PROJECT}/datasets/atendimento/tables/${view.tableReference.tableId}`),
    ),
  );

  expect(views.length).toBeGreaterThan(0);
  for (const { body } of described)
    expect(body.view).toEqual({ query: expect.any(String), useLegacySql: false });
});

test('lists are paged', async () => {
  const list = `/projects/${PROJECT}/datasets/atendimento/tables`;
  const whole = await ask(sandbox(), `${list}?maxResults=1000`);

  const first = await ask(sandbox(), `${list}?maxResults=1`);
  const second = await ask(sandbox(), `${list}?maxResults=1000&pageToken=${first.body.nextPageToken}`);

  expect([...first.body.tables, ...second.body.tables]).toEqual(whole.body.tables);
  expect(first.body.totalItems).toBe(whole.body.tables.length);
});

test('a list with an empty page token begins at its first page, as the Go client asks for it', async () => {
  const list = `/projects/${PROJECT}/datasets`;
  const whole = await ask(sandbox(), list);

  const { status, body } = await ask(sandbox(), `${list}?all=false&alt=json&pageToken=&prettyPrint=false`);

  expect(status).toBe(200);
  expect(body).toEqual(whole.body);
});

test('the rows of a table are read at no cost, page by page, by selected columns', async () => {
  const bigquery = clientOf(sandbox());
  const table = bigquery.dataset('atendimento').table('messages');

  const [rows] = await table.getRows();
  const data = await ask(
    sandbox(),
    `/projects/${PROJECT}/datasets/atendimento/tables/messages/data?maxResults=2&startIndex=5&selectedFields=sender,message_id`,
  );

  expect(new Set(rows.map((row) => row.message_id)).size).toBe(20_000);
  expect(data.body).toMatchObject({ kind: 'bigquery#tableDataList', totalRows: '20000' });
  expect(data.body.rows.map((row: { f: readonly unknown[] }) => row.f.length)).toEqual([2, 2]);
});

test('the projects are listed', async () => {
  const { body } = await ask(sandbox(), '/projects');

  expect(body).toMatchObject({
    kind: 'bigquery#projectList',
    projects: expect.arrayContaining([
      expect.objectContaining({ id: PROJECT, projectReference: { projectId: PROJECT } }),
    ]),
  });
});

test.each([
  ['/projects/unknown/datasets', 'Not found: Project unknown'],
  [`/projects/${PROJECT}/datasets/unknown`, `Not found: Dataset ${PROJECT}:unknown`],
  [
    `/projects/${PROJECT}/datasets/atendimento/tables/unknown`,
    `Not found: Table ${PROJECT}:atendimento.unknown`,
  ],
  [
    `/projects/${PROJECT}/datasets/atendimento/tables/unknown/data`,
    `Not found: Table ${PROJECT}:atendimento.unknown`,
  ],
])('%s is not found', async (path, message) => {
  const answer = await ask(sandbox(), path);

  expect(answer.status).toBe(404);
  expect(answer.body).toEqual(envelope(404, 'NOT_FOUND', 'notFound', message));
});

test.each([
  ['absent', 400, 'invalid'],
  ['customer.state', 501, 'notImplemented'],
])('rows are not listed by the field %s', async (field, status, reason) => {
  const data = `/projects/${PROJECT}/datasets/atendimento/tables/tickets/data`;

  const answer = await ask(sandbox(), `${data}?selectedFields=ticket_id,${field}`);

  expect(answer.status).toBe(status);
  expect(answer.body.error.errors[0].reason).toBe(reason);
});
