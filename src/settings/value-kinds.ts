import { z } from 'zod';
import { parseRetentionPeriod, RETENTION_PERIOD_EXAMPLES } from '../foundation/calendar/retention-period.ts';

/** An address to listen on. Port 0 takes any free port. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const LISTEN_ADDRESS = 'expected HOST:PORT, such as 127.0.0.1:8080';

/** `HOST:PORT`. */
export const listenAddress = z
  .string(LISTEN_ADDRESS)
  .regex(/^(.+):(\d{1,5})$/, LISTEN_ADDRESS)
  .transform((text): ListenAddress => {
    const colon = text.lastIndexOf(':');
    return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
  })
  .refine((address) => address.port <= 65_535, 'expected a port up to 65535');

/** The address of a server, without a trailing slash from here on. */
export const origin = z
  .url({
    protocol: /^https?$/,
    error: 'expected an http or https address, such as https://bigquery.googleapis.com',
  })
  .refine(isOrigin, 'expected an address without user, password, query and fragment')
  .transform((text) => text.replace(/\/+$/, ''));

/** The same, or empty for none. */
export const originOrEmpty = z.union(
  [origin, z.literal('')],
  'expected an http or https address without user, password, query and fragment, or an empty text',
);

/**
 * Paths are added to it, and requests with a password in their address are not sent. A text that is no address at all is
 * reported as that.
 */
function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url === null || `${url.username}${url.password}${url.search}${url.hash}` === '';
}

const SIZE_UNITS: Readonly<Record<string, number>> = { KiB: 1 << 10, MiB: 1 << 20, GiB: 1 << 30 };

const SIZE = 'expected a size such as 10 MiB';

/** In bytes from here on. */
export const size = z
  .string(SIZE)
  .regex(/^\d+ ?(KiB|MiB|GiB)$/, SIZE)
  .transform((text) => Number.parseInt(text, 10) * (SIZE_UNITS[text.slice(-3)] ?? 1));

/** An address with a path. */
export const address = z.url({
  protocol: /^https?$/,
  error: 'expected an http or https address, such as http://collector:4318/v1/traces',
});

export const yesOrNo = z.union(
  [z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })],
  'expected true or false',
);

/**
 * A number, or the text of one in a variable. Anything else that JavaScript would convert is none: of an empty value it
 * would make zero.
 */
function number(expected: string) {
  return z.preprocess(
    (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
    z.number(expected),
  );
}

const COUNT = 'expected a whole number above 0';

export const count = number(COUNT).pipe(z.int(COUNT).positive(COUNT));

/** Node's timers count in 31 bits of milliseconds: one that is set to more is over at once. */
const MOST_SECONDS = Math.floor((2 ** 31 - 1) / 1000);

const upToMostSeconds = number('expected a number of seconds').pipe(
  z.number().max(MOST_SECONDS, `expected ${MOST_SECONDS} seconds at the most`),
);

/** Greater than zero; in milliseconds from here on. */
export const seconds = upToMostSeconds
  .transform((value) => Math.round(value * 1000))
  .refine((ms) => ms >= 1, 'expected more than 0 seconds');

/** Zero or more; in milliseconds from here on. */
export const secondsOrNone = upToMostSeconds
  .pipe(z.number().min(0, 'expected 0 seconds or more'))
  .transform((value) => Math.round(value * 1000));

const SHARE = 'expected a number from 0 to 1';

/** Of a whole. */
export const share = number(SHARE).pipe(z.number().min(0, SHARE).max(1, SHARE));

/** How an unlimited retention period is written. */
export const FOR_EVER = 'for ever';

const RETENTION_PERIOD = `expected ${RETENTION_PERIOD_EXAMPLES}, or "${FOR_EVER}"`;

/** Null: for ever. */
export const retentionPeriod = z
  .string(RETENTION_PERIOD)
  .refine((text) => text === FOR_EVER || parseRetentionPeriod(text) !== null, RETENTION_PERIOD)
  .transform(parseRetentionPeriod);
