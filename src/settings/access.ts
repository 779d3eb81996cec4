import { isIP, isIPv4 } from 'node:net';
import { z } from 'zod';

/** Tokens by their holders' names. */
type Tokens = ReadonlyMap<string, string>;

type ByRole<T> = Readonly<Record<'operator' | 'analyst' | 'viewer', T>>;

/** Who may see and do what at the operators' port. */
export interface AccessSettings {
  readonly tokens: ByRole<Tokens>;
  /** The header in which a trusted proxy names the visitor, in lower case; null: none. */
  readonly identityHeader: string | null;
  /** The audience of the assertions that Identity-Aware Proxy signs; null: they are not used. */
  readonly iapAudience: string | null;
  /** The proxies whose headers are trusted: `10.0.0.7` or `10.8.0.0/14`. */
  readonly trustedProxies: readonly string[];
  /** Patterns of e-mail addresses, in lower case: `ana@example.com` or `*@example.com`. */
  readonly people: ByRole<readonly string[]>;
  /** What visitors may do about whom nothing is known; null: nothing. */
  readonly anonymousRole: 'viewer' | 'analyst' | null;
  /** False if that is the default and nobody has set it. */
  readonly isAnonymousRoleExplicit: boolean;
  /** The names under which browsers reach the port, in lower case and without a port. */
  readonly hosts: readonly string[];
  /** The key for pseudonyms; null: derived from the tokens. */
  readonly pseudonymKey: string | null;
}

const HOLDER = /^([\w.@-]{1,100})=(\S{12,})$/;
const HOLDERS =
  'expected NAME=TOKEN, several with commas between them, each token 12 characters at the least';

/** Tokens and their holders: `ana=TOKEN,rui=TOKEN`, or a mapping in the file. */
const tokens = z.preprocess(
  (value, context) => (typeof value === 'string' ? pairsIn(value, context) : value),
  z
    .record(z.string().regex(/^[\w.@-]{1,100}$/, HOLDERS), z.string().regex(/^\S{12,}$/, HOLDERS), HOLDERS)
    .transform((byName): Tokens => new Map(Object.entries(byName))),
);

/** Null for a text that is not a list of pairs. */
function pairsIn(text: string, context: z.RefinementCtx): Readonly<Record<string, string>> | null {
  const pairs = splitList(text).map((pair) => HOLDER.exec(pair));
  if (pairs.includes(null)) return null;
  const names = pairs.map((match) => match?.[1] ?? '');
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) context.addIssue(`${twice} is named twice, and can have one token there`);
  return Object.fromEntries(pairs.map((match) => [match?.[1] ?? '', match?.[2] ?? '']));
}

function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Several texts: separated by commas, or as a list in the file. */
function listOf(each: z.ZodType<string, string>, expected: string) {
  return z.preprocess(
    (value) => (typeof value === 'string' ? splitList(value) : value),
    z.array(each, expected),
  );
}

const PEOPLE = 'expected e-mail addresses, such as ana@example.com or *@example.com';
const people = listOf(
  z
    .string(PEOPLE)
    .regex(/^(?:\*|[^\s@*,]+)@[^\s@*,]+$/, PEOPLE)
    .toLowerCase(),
  PEOPLE,
);

const PROXIES = 'expected addresses or ranges, such as 10.0.0.7 or 10.8.0.0/14';
const proxies = listOf(z.string(PROXIES).refine(isAddressOrRange, PROXIES), PROXIES);

const hosts = listOf(z.string().min(1).toLowerCase(), 'expected names, such as guardrail.example.com');

/** A range of everything would make everybody trusted. */
function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  if (isIP(address) === 0 || rest.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128));
}

/** Headers that have another meaning, or that a client sets itself. */
const NON_IDENTITY_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'host',
  'origin',
  'x-goog-iap-jwt-assertion',
]);
const HEADER = 'expected the name of a header that the proxy sets, such as x-forwarded-email';

/** The keys of `guardrail.yaml` about who may see and do what. */
export const accessKeys = {
  operator_tokens: tokens
    .prefault({})
    .describe('who may change things through the API, and see everything: NAME=TOKEN,…'),
  analyst_tokens: tokens.prefault({}).describe('who may see SQL and persons: NAME=TOKEN,…'),
  viewer_tokens: tokens.prefault({}).describe('who may see everything except SQL and persons: NAME=TOKEN,…'),
  identity_header: z
    .string()
    .regex(/^[a-z0-9-]+$/i, HEADER)
    .toLowerCase()
    .refine((name) => !NON_IDENTITY_HEADERS.has(name), HEADER)
    .optional()
    .describe("the header in which a trusted proxy sends the visitor's e-mail address"),
  iap_audience: z
    .string()
    .min(1)
    .optional()
    .describe("the audience of Identity-Aware Proxy's signed assertions, if it is in front"),
  trusted_proxies: proxies
    .prefault([])
    .describe('addresses and ranges from which identity_header is trusted'),
  operators: people.prefault([]).describe('e-mail addresses of operators: ana@example.com,*@ops.example.com'),
  analysts: people.prefault([]).describe('e-mail addresses of analysts'),
  viewers: people.prefault([]).describe('e-mail addresses of viewers'),
  anonymous_role: z
    .enum(['none', 'viewer', 'analyst'])
    .optional()
    .describe(
      'role of unnamed visitors; default: analyst if only this machine can reach the port and no access is set ' +
        'except operator_tokens, else none',
    ),
  ops_hosts: hosts
    .prefault([])
    .describe("host names under which unnamed visitors may reach the operators' port"),
  pseudonym_key: z
    .string()
    .min(16, 'expected 16 characters at the least')
    .optional()
    .describe(
      'keeps the pseudonyms of persons the same when tokens change; without it, they depend on the tokens',
    ),
};

type AccessKeys = z.output<z.ZodObject<typeof accessKeys>>;

/** @param opsHost the host on which the operators' port listens */
export function accessSettings(keys: AccessKeys, opsHost: string): AccessSettings {
  return {
    tokens: { operator: keys.operator_tokens, analyst: keys.analyst_tokens, viewer: keys.viewer_tokens },
    identityHeader: keys.identity_header ?? null,
    iapAudience: keys.iap_audience ?? null,
    trustedProxies: keys.trusted_proxies,
    people: { operator: keys.operators, analyst: keys.analysts, viewer: keys.viewers },
    anonymousRole: anonymousRole(keys, opsHost),
    isAnonymousRoleExplicit: keys.anonymous_role !== undefined,
    hosts: keys.ops_hosts,
    pseudonymKey: keys.pseudonym_key ?? null,
  };
}

/** What no key shows by itself. */
export function accessProblems(keys: AccessKeys): readonly string[] {
  const { identity_header, iap_audience, trusted_proxies, operators, analysts, viewers } = keys;
  const isIdentified = identity_header !== undefined || iap_audience !== undefined;
  const problems: string[] = [];
  if (identity_header !== undefined && iap_audience !== undefined) {
    problems.push(
      'identity_header: leave it out if iap_audience is set: the signed assertion names the visitor',
    );
  }
  if (identity_header !== undefined && trusted_proxies.length === 0) {
    problems.push('identity_header: anybody could send it; name the proxy that sets it in trusted_proxies');
  }
  for (const [key, named] of Object.entries({ operators, analysts, viewers })) {
    if (named.length > 0 && !isIdentified) {
      problems.push(`${key}: nobody tells addresses yet; set identity_header or iap_audience`);
    }
  }
  return [...problems, ...sharedTokens(keys)];
}

/** Who it is, and what they may do, must not depend on the order of the lists. */
function sharedTokens({ operator_tokens, analyst_tokens, viewer_tokens }: AccessKeys): readonly string[] {
  const holders = new Map<string, string>();
  return Object.entries({ operator_tokens, analyst_tokens, viewer_tokens }).flatMap(([key, byName]) =>
    [...byName].flatMap(([name, token]) => {
      const other = holders.get(token);
      holders.set(token, name);
      return other === undefined
        ? []
        : [`${key}: ${name} has the token of ${other}; give each a token of their own`];
    }),
  );
}

function anonymousRole(keys: AccessKeys, opsHost: string): AccessSettings['anonymousRole'] {
  if (keys.anonymous_role !== undefined) return keys.anonymous_role === 'none' ? null : keys.anonymous_role;
  const isAccessConfigured =
    keys.analyst_tokens.size > 0 ||
    keys.viewer_tokens.size > 0 ||
    keys.identity_header !== undefined ||
    keys.iap_audience !== undefined;
  return isLoopback(opsHost) && !isAccessConfigured ? 'analyst' : null;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
