import { expect, test } from 'vitest';
import { useHouse } from '../guardrail.ts';
import { balanceOf, decisionIdOf, expectSettled } from './books.ts';
import { useDifferential } from './differential.ts';
import { exchange, textOf } from './exchange.ts';
import { HERE, query } from './requests.ts';

const MB = 1e6;
/** BigQuery limits a page to 10 MB; here a single page holds everything. */
const house = useHouse({ sandbox: { messages: 3000, maxPageBytes: 200 * MB } });
const { same } = useDifferential('large results', () => ({
  direct: house.sandbox().url,
  guarded: house.guardrail().proxyUrl,
}));

test('a result of 100 MB is the same to the byte, plain, in gzip or in pages', async () => {
  const sql =
    "SELECT ticket_id, REPEAT('ação 🧾 ', 17000) AS text FROM atendimento.tickets ORDER BY ticket_id";
  const answered = await exchange(
    house.guardrail().proxyUrl,
    query({ query: sql }, '?prettyPrint=false', { 'accept-encoding': 'identity' }),
  );
  const { jobReference } = JSON.parse(textOf(answered));
  const target = `${HERE}/queries/${jobReference.jobId}?prettyPrint=false`;

  const { guarded } = await same({ method: 'GET', target, headers: { 'accept-encoding': 'identity' } });
  await same({ method: 'GET', target, headers: { 'accept-encoding': 'gzip' } });
  await same({ method: 'GET', target: `${target}&maxResults=100&startIndex=350` });

  expect(guarded.body.length).toBeGreaterThan(100 * MB);
  expect(rowsOf(answered.body).equals(rowsOf(guarded.body))).toBe(true);
});

test('a query whose answer is too long to search for its bytes billed is settled from its job', async () => {
  const before = await balanceOf(house);

  const answered = await exchange(
    house.guardrail().proxyUrl,
    query({ query: "SELECT ticket_id, REPEAT('ação 🧾 ', 7000) AS text FROM atendimento.tickets" }),
  );

  const { jobReference } = JSON.parse(textOf(answered));
  const [{ id, statistics }] = await house.direct().job(jobReference.jobId, { location: 'US' }).getMetadata();
  expect(answered.body.length).toBeGreaterThan(40 * MB);
  await expectSettled(house, decisionIdOf(answered), before, {
    source: 'job',
    jobId: id,
    bytesBilled: statistics.query.totalBytesBilled,
    bytesProcessed: statistics.query.totalBytesProcessed,
    errorReason: null,
  });
});

/** The bytes of the rows in an answer. */
function rowsOf(body: Buffer): Buffer {
  return body.subarray(body.indexOf('"rows":['), body.lastIndexOf(']') + 1);
}
