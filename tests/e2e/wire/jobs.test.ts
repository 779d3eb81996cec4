import { describe, expect, test } from 'vitest';
import { useHouse } from '../guardrail.ts';
import { useDifferential } from './differential.ts';
import { AUTHORIZATION, exchange, headerValues, type RequestSpec, textOf } from './exchange.ts';
import { ENCODINGS, HERE, insert, query } from './requests.ts';

const house = useHouse({ sandbox: { messages: 3000 } });
const { same } = useDifferential('what is told of jobs', () => ({
  direct: house.sandbox().url,
  guarded: house.guardrail().proxyUrl,
}));

describe('a job started through guardrail reads the same through it as at the warehouse:', () => {
  const start = async (spec: RequestSpec): Promise<{ jobId: string; rowsAt: string }> => {
    const started = JSON.parse(textOf(await exchange(house.guardrail().proxyUrl, spec)));
    const { jobId } = started.jobReference;
    await exchange(house.sandbox().url, { method: 'GET', target: `${HERE}/queries/${jobId}` });
    const job = JSON.parse(
      textOf(await exchange(house.sandbox().url, { method: 'GET', target: `${HERE}/jobs/${jobId}` })),
    );
    const table = job.configuration.query.destinationTable;
    return { jobId, rowsAt: `${HERE}/datasets/${table?.datasetId}/tables/${table?.tableId}/data` };
  };

  test.each(ENCODINGS)(
    'its resource and its rows page by page, with accept-encoding %s',
    async (encoding) => {
      const { jobId, rowsAt } = await start(
        insert({ query: 'SELECT ticket_id, subject FROM atendimento.tickets ORDER BY ticket_id' }),
      );
      const headers = { 'accept-encoding': encoding };

      for (const target of [
        `${HERE}/jobs/${jobId}`,
        `${HERE}/jobs/${jobId}?location=US`,
        `${HERE}/jobs/${jobId}?location=EU`,
        `${HERE}/jobs/${jobId}?fields=status(state),etag&prettyPrint=false`,
        `${HERE}/queries/${jobId}`,
        `${HERE}/queries/${jobId}?maxResults=10&prettyPrint=false`,
        `${HERE}/queries/${jobId}?maxResults=10&startIndex=35&timeoutMs=0`,
        `${HERE}/queries/${jobId}?startIndex=100000`,
        `${HERE}/queries/${jobId}?pageToken=nonsense`,
        `${rowsAt}?maxResults=10`,
        `${rowsAt}?selectedFields=subject&maxResults=3`,
        `${rowsAt}?selectedFields=nope`,
      ]) {
        const { direct } = await same({ method: 'GET', target, headers });
        await same({ method: 'HEAD', target, headers });
        const etag = headerValues(direct, 'etag')[0];
        if (etag !== undefined) {
          const again = { ...headers, 'if-none-match': etag };
          expect((await same({ method: 'GET', target, headers: again })).guarded.status).toBe(304);
        }
      }
      let token = '';
      do {
        const parameters = `maxResults=120${token === '' ? '' : `&pageToken=${token}`}`;
        const { guarded } = await same({
          method: 'GET',
          target: `${HERE}/queries/${jobId}?${parameters}`,
          headers,
        });
        token = JSON.parse(textOf(guarded)).pageToken ?? '';
      } while (token !== '');
    },
  );

  test('a job cancelled after its end, or by another principal', async () => {
    const { jobId } = await start(
      query({ query: 'SELECT subject FROM atendimento.tickets', timeoutMs: 1, maxResults: 1 }),
    );
    await same({ method: 'POST', target: `${HERE}/jobs/${jobId}/cancel` });
    await same({ method: 'POST', target: `${HERE}/jobs/${jobId}/cancel?location=US&prettyPrint=false` });

    const refused = { authorization: AUTHORIZATION.replace('metabase-atendimento', 'somebody-else') };
    const stranger = { headers: refused };
    await same({ method: 'GET', target: `${HERE}/queries/${jobId}`, ...stranger });
    expect(
      (await same({ method: 'POST', target: `${HERE}/jobs/${jobId}/cancel`, ...stranger })).guarded.status,
    ).toBe(403);
    await same({ method: 'GET', target: `${HERE}/jobs?allUsers=true&projection=full` });
  });

  test('a job that failed while it ran', async () => {
    const { jobId } = await start(
      insert({ query: 'SELECT CAST(subject AS INT64) FROM atendimento.tickets' }),
    );

    const { guarded } = await same({ method: 'GET', target: `${HERE}/jobs/${jobId}` });
    await same({ method: 'GET', target: `${HERE}/queries/${jobId}` });

    expect(JSON.parse(textOf(guarded)).status.errorResult.reason).toBe('invalidQuery');
  });
});
