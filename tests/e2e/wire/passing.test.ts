import { describe, expect, test } from 'vitest';
import { PROJECT, useHouse } from '../guardrail.ts';
import { useDifferential } from './differential.ts';
import { exchange, headerValues, textOf } from './exchange.ts';

const house = useHouse({ sandbox: { messages: 20_000 } });
const { same } = useDifferential('what passes', () => ({
  direct: house.sandbox().url,
  guarded: house.guardrail().proxyUrl,
}));

const ROOT = '/bigquery/v2/projects';
const HERE = `${ROOT}/${PROJECT}`;
const TABLES = `${HERE}/datasets/atendimento/tables`;

/** Reads of everything that the sandbox serves, existing or not. */
const READS = [
  ROOT,
  `${ROOT}?maxResults=1`,
  `${HERE}/datasets`,
  `${HERE}/datasets?all=true&maxResults=1`,
  `${HERE}/datasets?filter=labels.a`,
  `${HERE}/datasets/atendimento`,
  `${HERE}/datasets/atendimento?datasetView=FULL`,
  `${HERE}/datasets/nowhere`,
  `${ROOT}/another-project/datasets`,
  TABLES,
  `${TABLES}?maxResults=2`,
  `${TABLES}?maxResults=x`,
  `${TABLES}?pageToken=nonsense`,
  `${TABLES}/messages`,
  `${TABLES}/messages?selectedFields=body`,
  `${TABLES}/nothing`,
  `${TABLES}/tickets/data?maxResults=3`,
  `${TABLES}/messages/data?maxResults=50&startIndex=7&selectedFields=body,message_id`,
  `${TABLES}/messages/data?maxResults=5&formatOptions.useInt64Timestamp=true`,
  `${TABLES}/messages/data?maxResults=0`,
  `${TABLES}/messages/data?startIndex=-1`,
  `${HERE}/jobs`,
  `${HERE}/jobs?allUsers=true&projection=full&maxResults=3`,
  `${HERE}/jobs?stateFilter=done&stateFilter=running`,
  `${HERE}/jobs/nothing`,
  `${HERE}/queries/nothing`,
  `${HERE}/serviceAccount`,
  `${HERE}/datasets/atendimento/routines`,
  `${HERE}/datasets/atendimento/models`,
  `${TABLES}/messages/rowAccessPolicies`,
  // Paths of the host, outside the API.
  '/',
  '/discovery/v1/apis/bigquery/v2/rest',
  '/$discovery/rest?version=v2',
];

const PARAMETERS = [
  '',
  'prettyPrint=false',
  'prettyPrint=true',
  'fields=kind,etag',
  'alt=json',
  'key=k&quotaUser=ü',
];
const ENCODINGS = ['identity', 'gzip', 'gzip, deflate, br', '*;q=0'];

function withParameters(path: string, parameters: string): string {
  if (parameters === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}${encodeURI(parameters)}`;
}

describe.each(PARAMETERS)(
  'a read with the parameters "%s" is answered as by the warehouse:',
  (parameters) => {
    test.each(READS)('%s', async (path) => {
      for (const encoding of ENCODINGS) {
        await same({
          method: 'GET',
          target: withParameters(path, parameters),
          headers: { 'accept-encoding': encoding },
        });
      }
    });
  },
);

describe.each(['HEAD', 'OPTIONS'])('%s is answered as by the warehouse:', (method) => {
  test.each([...READS.filter((path) => !path.endsWith('serviceAccount'))])('%s', async (target) => {
    await same({
      method,
      target,
      headers: {
        origin: 'https://bi.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
  });
});

/** Writes that guardrail does not guard, and that the sandbox does not support: 501 or 404. */
const WRITES = [
  ['POST', `${HERE}/datasets`],
  ['PATCH', `${HERE}/datasets/atendimento`],
  ['PUT', `${HERE}/datasets/atendimento`],
  ['DELETE', `${HERE}/datasets/atendimento?deleteContents=true`],
  ['POST', `${HERE}/datasets/atendimento:undelete`],
  ['POST', TABLES],
  ['PATCH', `${TABLES}/messages`],
  ['PUT', `${TABLES}/messages`],
  ['DELETE', `${TABLES}/messages`],
  ['POST', `${TABLES}/messages/insertAll`],
  ['POST', `${TABLES}/messages:getIamPolicy`],
  ['POST', `${TABLES}/messages:testIamPermissions`],
  ['DELETE', `${HERE}/jobs/nothing/delete`],
  ['POST', `${HERE}/jobs/nothing/cancel`],
  ['POST', `${HERE}/jobs/nothing/cancel?location=US`],
  ['PATCH', `${HERE}/datasets/atendimento/models/m`],
  ['POST', `${HERE}/datasets/atendimento/routines`],
  ['PUT', `${HERE}/datasets/atendimento/routines/r`],
  ['DELETE', `${HERE}/datasets/atendimento/routines/r`],
] as const;

describe.each(WRITES)('%s %s is answered as by the warehouse', (method, target) => {
  test.each([
    ['with no body', '', {}],
    ['with an empty body', '', { 'content-length': '0' }],
    ['with JSON', '{"friendlyName":"Atenção 🧾"}', { 'content-type': 'application/json' }],
    ['with broken JSON', '{"', { 'content-type': 'application/json' }],
    ['in chunks', '{"a":1}', { 'transfer-encoding': 'chunked' }],
    ['with if-match', '{}', { 'if-match': '"x"', 'content-type': 'application/json' }],
  ])('%s', async (_how, body, headers) => {
    await same({ method, target, headers, ...(body === '' ? {} : { body }) });
  });
});

describe('a request that the warehouse does not authenticate is answered as by the warehouse:', () => {
  test.each([
    ['an unknown token', { authorization: 'Bearer nobody' }],
    ['no token', { authorization: '' }],
    ['a token of another kind', { authorization: 'Basic YTpi' }],
  ])('%s', async (_what, headers) => {
    for (const target of [`${HERE}/datasets`, `${HERE}/jobs`, `${TABLES}/messages/data`]) {
      const { direct } = await same({ method: 'GET', target, headers });
      expect(direct.status).toBe(401);
    }
  });
});

test('a conditional read is answered 304 for a known etag, as by the warehouse', async () => {
  for (const target of [ROOT, `${HERE}/datasets`, `${HERE}/datasets/atendimento`, `${TABLES}/messages`]) {
    const first = await exchange(house.sandbox().url, { method: 'GET', target });
    const etag = headerValues(first, 'etag')[0] ?? '';

    for (const known of [etag, etag.replaceAll('"', ''), `W/${etag}`, `"another", ${etag}`, '"another"']) {
      const { direct } = await same({ method: 'GET', target, headers: { 'if-none-match': known } });
      expect(direct.status).toBe(known === '"another"' ? 200 : 304);
      await same({ method: 'HEAD', target, headers: { 'if-none-match': known } });
    }
  }
});

test('every page of a list is answered as by the warehouse, and its token leads to the same next page', async () => {
  let token = '';
  let pages = 0;
  do {
    const { guarded } = await same({
      method: 'GET',
      target: `${TABLES}?maxResults=1${token === '' ? '' : `&pageToken=${encodeURIComponent(token)}`}`,
    });
    pages += 1;
    token = JSON.parse(textOf(guarded)).nextPageToken ?? '';
  } while (token !== '');
  expect(pages).toBeGreaterThan(3);
});
