import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { whenGone } from '../../src/proxy/exchange.ts';

const response = () => new ServerResponse(new IncomingMessage(new Socket()));

test('a client counts as gone once it hangs up before its answer', async () => {
  const waiting = response();
  const gone = whenGone(waiting);
  const before = gone.aborted;

  waiting.destroy();
  await once(waiting, 'close');

  expect([before, gone.aborted]).toEqual([false, true]);
});

test('a client that hung up before anybody checked, such as while it waited its turn, counts as gone', async () => {
  const left = response();
  left.destroy();
  await once(left, 'close');

  expect(whenGone(left).aborted).toBe(true);
});
