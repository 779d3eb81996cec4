import { describe, expect, test } from 'vitest';
import { createScriptModels } from '../../../src/proxy/jobs/script-models.ts';
import { asker, PROJECT } from '../../estimate/builders.ts';
import { type LittleServer, littleServer, sendJson } from '../../little-server.ts';

/** The job of one statement of a script. */
function part(statementType: string, totalBytesBilled: string) {
  return {
    jobReference: { projectId: PROJECT, jobId: `of_${statementType}`, location: 'US' },
    status: { state: 'DONE' },
    statistics: { query: { statementType, totalBytesBilled } },
  };
}

/** How many of a script's 40 bytes billed went into models. */
function modelsOf(
  { url }: LittleServer,
  delaysMs = [0],
  signal = new AbortController().signal,
  askers = [asker('t')],
) {
  const scriptModels = createScriptModels({ upstream: url, signal }, delaysMs);
  return scriptModels({ projectId: PROJECT, jobId: 'script_1', bytesBilled: 40n, askers });
}

const warehouse = (...parts: readonly object[]) =>
  littleServer((response) => sendJson(response, 200, { jobs: parts }));

test('the bytes a script was billed for models come from its child jobs, listed with its own credential', async () => {
  const server = await warehouse(part('SELECT', '10'), part('CREATE_MODEL', '20'), part('MERGE', '10'));

  expect(await modelsOf(server)).toEqual({ ofModels: 20n, ofAll: 40n });

  const [request] = server.seen;
  expect(new URL(request?.url ?? '', server.url).searchParams.get('parentJobId')).toBe('script_1');
  expect(request?.headers.authorization).toBe('Bearer t');
});

test('a script that created no model has none', async () => {
  expect(await modelsOf(await warehouse(part('SELECT', '30'), part('MERGE', '10')))).toBe('none');
});

describe('bytes not accounted for count as bytes for models', () => {
  test('if a child job is missing', async () => {
    expect(await modelsOf(await warehouse(part('SELECT', '30')))).toEqual({ ofModels: 10n, ofAll: 40n });
  });

  test('if a CALL reports only the sum of statements that are not listed', async () => {
    expect(await modelsOf(await warehouse(part('SELECT', '30'), part('CALL', '10')))).toEqual({
      ofModels: 10n,
      ofAll: 40n,
    });
  });

  test('if listing the jobs is forbidden', async () => {
    expect(await modelsOf(await littleServer((response) => sendJson(response, 403, {})))).toBe('all');
  });
});

describe('if there are two credentials', () => {
  const both = (server: LittleServer) => modelsOf(server, [0], undefined, [asker('first'), asker('second')]);
  const listedFor = (accepted: readonly string[], parts: readonly object[]) =>
    littleServer((response, { headers }) => {
      const isAccepted = accepted.some((token) => headers.authorization === `Bearer ${token}`);
      sendJson(response, isAccepted ? 200 : 401, { jobs: parts });
    });

  test('the second lists the child jobs if the first is refused', async () => {
    const server = await listedFor(['second'], [part('SELECT', '40')]);

    expect(await both(server)).toBe('none');
  });

  test('the second is not used if the first is accepted, since it may be another’s, who has no such jobs', async () => {
    const server = await listedFor(['first', 'second'], [part('SELECT', '40')]);

    expect(await both(server)).toBe('none');
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer first']);
  });
});

describe('what a list says before it breaks off counts', () => {
  /** Lists one job of a script to the first credential, but not the next page; nothing to others, and nothing later. */
  const breakingOff = () =>
    littleServer((response, { headers }, count) => {
      if (headers.authorization !== 'Bearer first') sendJson(response, 200, { jobs: [] });
      else if (count > 1) sendJson(response, 503, {});
      else sendJson(response, 200, { jobs: [part('SELECT', '30')], nextPageToken: 'more' });
    });

  test('if another credential lists nothing', async () => {
    const askers = [asker('first'), asker('second')];

    const models = await modelsOf(await breakingOff(), [0], undefined, askers);

    expect(models).toEqual({ ofModels: 10n, ofAll: 40n });
  });

  test('if a later list says less', async () => {
    const models = await modelsOf(await breakingOff(), [0, 1], undefined, [asker('first')]);

    expect(models).toEqual({ ofModels: 10n, ofAll: 40n });
  });
});

test('child jobs that are listed late are waited for', async () => {
  const server = await littleServer((response, _seen, count) =>
    sendJson(response, 200, { jobs: count < 3 ? [] : [part('SELECT', '40')] }),
  );

  expect(await modelsOf(server, [0, 1, 1, 1])).toBe('none');
  expect(server.seen).toHaveLength(3);
});

test('the result is null if the process stops first', async () => {
  expect(await modelsOf(await warehouse(part('SELECT', '40')), [0], AbortSignal.abort())).toBeNull();
});
