import type { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { createSandboxServer, type SandboxServerOptions } from '../../../src/sandbox/rest/server.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { ask, envelope, insert, PROJECT, query, useSandbox } from './sandbox.ts';

const sandbox = useSandbox();

/** A second server before the same warehouse, with limits of its own. */
async function limitedTo(
  options: SandboxServerOptions,
  use: (limited: Sandbox) => Promise<void>,
): Promise<void> {
  const server = createSandboxServer(sandbox().warehouse, options);
  const port = await listen(server);
  try {
    await use({ ...sandbox(), port, url: `http://127.0.0.1:${port}` });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

test('results over the limit are dropped, least recently read first, and their jobs say so', async () => {
  await limitedTo({ maxResultBytes: 5000 }, async (limited) => {
    const small = await query(limited, 'SELECT 1 AS a');
    await query(limited, 'SELECT body FROM atendimento.messages');

    const dropped = await ask(limited, `/projects/${PROJECT}/queries/${small.body.jobReference.jobId}`);
    const job = await ask(limited, `/projects/${PROJECT}/jobs/${small.body.jobReference.jobId}`);
    const again = await query(limited, 'SELECT 1 AS a');

    expect(dropped.status).toBe(404);
    expect(dropped.body.error.message).toContain('have been dropped; run the query again');
    expect(job.body.status).toEqual({ state: 'DONE' });
    expect(again.body.cacheHit).toBe(false);
  });
});

test('a result larger than the whole limit can still be paged through by its own client', async () => {
  await limitedTo({ maxResultBytes: 1000 }, async (limited) => {
    const first = await query(limited, 'SELECT body FROM atendimento.messages', { maxResults: 10 });

    const next = await ask(
      limited,
      `/projects/${PROJECT}/queries/${first.body.jobReference.jobId}?maxResults=10&pageToken=${first.body.pageToken}`,
    );

    expect(next.body.rows).toHaveLength(10);
  });
});

test('the oldest jobs are forgotten', async () => {
  await limitedTo({ maxJobs: 2 }, async (limited) => {
    for (const jobId of ['first', 'second', 'third']) {
      await insert(limited, { query: { query: 'SELECT 1', useLegacySql: false } }, { jobId });
    }

    const first = await ask(limited, `/projects/${PROJECT}/jobs/first`);
    const second = await ask(limited, `/projects/${PROJECT}/jobs/second`);

    expect(first.body).toEqual(envelope(404, 'NOT_FOUND', 'notFound', `Not found: Job ${PROJECT}:US.first`));
    expect(second.status).toBe(200);
  });
});

test('user_email can be left out of dry runs and jobs', async () => {
  await limitedTo({ omitUserEmail: true }, async (limited) => {
    const query = { query: 'SELECT 1', useLegacySql: false };

    const dry = await insert(limited, { dryRun: true, query });
    const job = await insert(limited, { query });

    expect([dry.body.user_email, job.body.user_email]).toEqual([undefined, undefined]);
    expect(dry.text + job.text).not.toContain('ana@guardrail-demo.example');
  });
});

test('stopping cancels running queries', async () => {
  const stopping = new AbortController();
  await limitedTo({ stopping: stopping.signal }, async (limited) => {
    const started = await insert(limited, {
      query: {
        query:
          'SELECT COUNT(*) AS n FROM atendimento.messages a, atendimento.messages b, atendimento.messages c WHERE CONCAT(a.body, b.body) < c.body',
        useLegacySql: false,
      },
    });

    stopping.abort();
    const ended = await ask(limited, `/projects/${PROJECT}/queries/${started.body.jobReference.jobId}`);

    expect(ended.body.error.errors[0].reason).toBe('stopped');
  });
});
