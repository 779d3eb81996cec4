import { type IncomingMessage, request } from 'node:http';
import { onTestFinished } from 'vitest';

/** One server-sent event; what a browser that comes again names is in `id`. */
interface Told {
  readonly id: string | null;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: events of every shape, looked into by expectations only
  readonly data: any;
}

export interface Stream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** What has come so far, in order. */
  told(): readonly Told[];
  /** All text that has come so far. */
  text(): string;
  /** Resolves once the answer is over, in good order or cut off. */
  readonly over: Promise<'ended' | 'cut off'>;
  /** Takes nothing more from the network, until `resume`. */
  pause(): void;
  resume(): void;
  leave(): void;
}

/** Listens to a stream of events, until the test is over at the latest. */
export function listenTo(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      const over = new Promise<'ended' | 'cut off'>((done) => {
        answer.once('close', () => done(answer.complete ? 'ended' : 'cut off'));
        answer.once('error', () => done('cut off'));
      });
      resolve({
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        text: () => text,
        told: () => eventsIn(text),
        over,
        pause: () => void answer.pause(),
        resume: () => void answer.resume(),
        leave: () => void answer.destroy(),
      });
    });
    sent.once('error', reject);
    sent.end();
    onTestFinished(() => void sent.destroy());
  });
}

function eventsIn(text: string): readonly Told[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .flatMap((block) => {
      const fields = new Map(
        block.split('\n').map((line) => [line.split(': ', 1)[0] ?? '', line.replace(/^\w*: /, '')]),
      );
      const event = fields.get('event');
      if (event === undefined) return [];
      return [{ id: fields.get('id') ?? null, event, data: JSON.parse(fields.get('data') ?? 'null') }];
    });
}
