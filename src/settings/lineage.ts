import { z } from 'zod';
import { VERSION } from '../foundation/version.ts';

/** Where lineage goes: a server or a file; null for nowhere. */
type LineageAddress =
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string };

const LINEAGE = 'expected off, file:PATH, or an http or https address without user, password and query';

const lineageAddress = z.string().transform((text, context): LineageAddress | null => {
  if (text === 'off') return null;
  if (text.startsWith('file:') && text.length > 'file:'.length)
    return { kind: 'file', path: text.slice('file:'.length) };
  const url = URL.parse(text);
  const isServer = url !== null && /^https?:$/.test(url.protocol);
  // The address appears in the ledger and in logs: anything secret belongs in the token.
  if (isServer && url.username === '' && url.password === '' && url.search === '')
    return { kind: 'http', url: url.href };
  context.addIssue(LINEAGE);
  return z.NEVER;
});

/** The lineage settings, as in the file and the environment. */
export const lineageKeys = {
  lineage: lineageAddress
    .prefault('off')
    .describe(
      'where OpenLineage events go: off, file:PATH, or a server such as http://marquez:5000/api/v1/lineage',
    ),
  lineage_token: z
    .string()
    .default('')
    .describe('bearer token for that server; empty: none; google: from the application default credentials'),
  lineage_namespace: z
    .string()
    .min(1)
    .default('guardrail')
    .describe('namespace of jobs in OpenLineage events'),
  lineage_producer: z
    .url('expected a URI')
    .transform((text) => text.replace(/\/+$/, ''))
    .prefault(`urn:guardrail:guardrail:${VERSION}`)
    .describe(
      "identifies the producer of OpenLineage events: a URI under which this repository's files can be found",
    ),
};

export interface LineageSettings {
  readonly target: LineageAddress;
  /** `google`: a token of the application default credentials; null: none. */
  readonly token: string | null;
  /** Of jobs. */
  readonly namespace: string;
  /** A URI without a trailing slash. */
  readonly producer: string;
}

/** Null if lineage goes nowhere. */
export function lineageSettings(keys: z.infer<z.ZodObject<typeof lineageKeys>>): LineageSettings | null {
  if (keys.lineage === null) return null;
  return {
    target: keys.lineage,
    token: keys.lineage_token === '' ? null : keys.lineage_token,
    namespace: keys.lineage_namespace,
    producer: keys.lineage_producer,
  };
}
