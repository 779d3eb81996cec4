import { type IncomingMessage, request } from 'node:http';
import { onTestFinished } from 'vitest';

/** One server-sent event; `id` is what a browser sends when it reconnects. */
interface StreamEvent {
  readonly id: string | null;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: events of every shape, looked into by expectations only
  readonly data: any;
}

export interface Stream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The events received so far, in order. */
  events(): readonly StreamEvent[];
  /** All text received so far. */
  text(): string;
  /** Resolves once the answer has ended properly or was cut off. */
  readonly over: Promise<'ended' | 'cut off'>;
  /** Reads nothing more from the network until `resume`. */
  pause(): void;
  resume(): void;
  leave(): void;
}

/** Listens to a stream of events, at most until the end of the test. */
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
        events: () => eventsIn(text),
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

function eventsIn(text: string): readonly StreamEvent[] {
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
