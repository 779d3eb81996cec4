import { requireRole } from '../../../src/ops/access/identify.ts';
import { createLiveFeed, type LiveFeedOptions } from '../../../src/ops/live/live-feed.ts';
import { decisionStream } from '../../../src/ops/live/stream.ts';
import { createDecisionFeed } from '../../../src/records/feed/decision-feed.ts';
import { accessWith, RUI, serve } from '../access/builders.ts';
import { listenTo } from './listen.ts';

/** A port with the stream, over a feed to which the test publishes. */
export async function port(options: Partial<LiveFeedOptions> = {}, access = accessWith()) {
  const feed = createDecisionFeed();
  const counted = { dropped: 0, listeners: 0, errors: [] as unknown[] };
  const live = createLiveFeed({
    feed,
    publishOthers: () => Promise.resolve(),
    onError: (error) => counted.errors.push(error),
    onDropped: () => {
      counted.dropped += 1;
    },
    onListeners: (count) => {
      counted.listeners = count;
    },
    ...options,
  });
  const url = await serve(access, (app) => {
    app.get('/stream', requireRole('viewer'), decisionStream({ live, access }));
  });
  const listen = (query = '', token = RUI, headers = {}) =>
    listenTo(`${url}/stream${query}`, { authorization: `Bearer ${token}`, ...headers });
  return { feed, live, counted, listen, url: `${url}/stream` };
}
