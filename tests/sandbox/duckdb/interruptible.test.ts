import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connections, openConnections } from '../../../src/sandbox/duckdb/connections.ts';
import { runInterruptibly } from '../../../src/sandbox/duckdb/interruptible.ts';

const ENDLESS = 'SELECT count(*) FROM range(1000000000) a, range(1000000) b WHERE a.range < b.range';

let connections: Connections;
beforeAll(async () => {
  connections = await openConnections('p');
});
afterAll(() => connections.close());

function stopped(afterMs: number, beginsAfterMs: number): Promise<unknown> {
  return connections.use((connection) =>
    runInterruptibly(connection, AbortSignal.timeout(afterMs), async () => {
      await sleep(beginsAfterMs);
      return connection.runAndReadAll(ENDLESS);
    }),
  );
}

test('a running query is interrupted', async () => {
  await expect(stopped(100, 0)).rejects.toMatchObject({ name: 'TimeoutError' });
}, 60_000);

test('a query that starts after its interruption is still interrupted', async () => {
  await expect(stopped(10, 200)).rejects.toMatchObject({ name: 'TimeoutError' });
}, 60_000);

test('work whose signal is already aborted does not start', async () => {
  const working = connections.use((connection) =>
    runInterruptibly(connection, AbortSignal.abort(new Error('too late')), () => connection.run('SELECT 1')),
  );

  await expect(working).rejects.toThrow('too late');
});
