import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Access } from '../access/access.ts';
import { redactionOf, visitorOf } from '../access/identify.ts';
import { readQuery } from '../read-query.ts';
import type { Outlet } from './audience.ts';
import type { LiveFeed } from './live-feed.ts';

export const streamQuery = z.strictObject({
  team: z.string().optional().describe('only those of this team'),
  after: z.string().optional().describe('continue after the decision with this ID, like Last-Event-ID'),
});

const SECONDS_UNTIL_ANOTHER_TRY = 30;

/**
 * `GET /api/v1/decisions/stream`: decisions and settlements as they happen, as server-sent events. A browser that
 * reconnects names the last decision that it saw in `Last-Event-ID`; the first time, `after` may name one.
 */
export function decisionStream({
  live,
  access,
}: {
  readonly live: LiveFeed;
  readonly access: Access;
}): RequestHandler {
  return (request, response) => {
    const query = readQuery(streamQuery, request, response);
    if (query === null) return;
    const visitor = visitorOf(response);
    response.set({
      'content-type': 'text/event-stream',
      // Intermediaries must neither cache nor compress it, or they would hold events back until more have come.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const leave = live.listen(
      {
        name: visitor.name,
        redaction: redactionOf(response),
        team: query.team ?? null,
        after: request.get('last-event-id') ?? query.after ?? null,
        async mayContinue() {
          const now = (await access.identify(request))?.visitor;
          return now?.role === visitor.role && now.name === visitor.name;
        },
      },
      outletOf(response),
    );
    if (leave === null) tooMany(response);
    else response.once('close', leave);
  };
}

function tooMany(response: Response): void {
  response.status(503).type('json').set('retry-after', String(SECONDS_UNTIL_ANOTHER_TRY)).json({
    error:
      'as many watch already as one process tells, in all or by your name; close another window, try again later, or read /api/v1/decisions',
  });
}

function outletOf(response: Response): Outlet {
  return {
    get waiting() {
      return response.writableLength;
    },
    write: (message) => void response.write(message),
    end: () => void response.end(),
    cut: () => void response.destroy(),
  };
}
