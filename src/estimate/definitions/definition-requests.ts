import { LRUCache } from 'lru-cache';
import type { z } from 'zod';
import { cacheKey } from '../../foundation/text/cache-key.ts';
import type { Asker } from '../dry-run.ts';
import { fetchOnceMore } from '../fetch-once-more.ts';
import { isLastingError } from '../lasting-error.ts';

/** Why there is no definition; for metrics. */
type DefinitionFailure = 'unreachable' | 'not understood';

export interface DefinitionOptions {
  readonly upstream: string;
  /** The longest that a query waits for one definition. */
  readonly timeoutMs: number;
  /** How long a definition is trusted, and how long a refusal of one. */
  readonly ttlMs: number;
  readonly maxEntries: number;
  readonly onFailure?: (failure: DefinitionFailure) => void;
}

/** What is asked for: one kind of resource of the warehouse's. */
interface DefinitionKind<Reference, Resource, Definition> {
  /** Tells one resource from any other of its kind. */
  readonly nameOf: (reference: Reference) => string;
  /** The parts of its address after `/bigquery/v2`. */
  readonly pathOf: (reference: Reference) => readonly string[];
  /** The fields that are read: the rest of a resource can be large. */
  readonly fields: string;
  readonly resource: z.ZodType<Resource>;
  readonly definitionFrom: (resource: Resource, reference: Reference) => Definition;
}

interface Question<Reference> {
  readonly reference: Reference;
  readonly asker: Asker;
}

/** While the warehouse is in trouble, not every query asks it, but it is soon asked again. */
const FAILURE_TTL_MS = 5000;

/**
 * Definitions, cached by credential and name; identical questions that arrive together are asked once. Reading them is free.
 * The answer is null if the warehouse gives none. Never throws.
 */
export function createDefinitionRequests<Reference, Resource, Definition extends object>(
  kind: DefinitionKind<Reference, Resource, Definition>,
  options: DefinitionOptions,
): (reference: Reference, asker: Asker) => Promise<Definition | null> {
  const cache = new LRUCache<string, { readonly definition: Definition | null }, Question<Reference>>({
    max: options.maxEntries,
    ttl: options.ttlMs,
    ignoreFetchAbort: true,
    async fetchMethod(_key, _stale, { context, options: entry }) {
      const answer = await ask(kind, context, options);
      if (answer.kind === 'defined') return { definition: answer.definition };
      if (answer.kind !== 'refused') {
        options.onFailure?.(answer.kind);
        entry.ttl = Math.min(FAILURE_TTL_MS, options.ttlMs);
      }
      return { definition: null };
    },
  });
  return async (reference, asker) => {
    const key = cacheKey([asker.credentialKey, asker.search, kind.nameOf(reference)]);
    const { definition } = await cache.forceFetch(key, { context: { reference, asker } });
    return definition;
  };
}

type Answer<Definition> =
  | { readonly kind: 'defined'; readonly definition: Definition }
  | { readonly kind: 'refused' }
  | { readonly kind: DefinitionFailure };

async function ask<Reference, Resource, Definition>(
  kind: DefinitionKind<Reference, Resource, Definition>,
  { reference, asker }: Question<Reference>,
  { upstream, timeoutMs }: DefinitionOptions,
): Promise<Answer<Definition>> {
  try {
    const response = await fetchOnceMore(addressOf(kind, { reference, asker }, upstream), {
      headers: { ...asker.headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = await response.text();
    if (response.status !== 200)
      return { kind: isLastingError(response.status, body) ? 'refused' : 'unreachable' };
    const parsed = kind.resource.safeParse(parseJson(body));
    if (!parsed.success) return { kind: 'not understood' };
    return { kind: 'defined', definition: kind.definitionFrom(parsed.data, reference) };
  } catch {
    return { kind: 'unreachable' };
  }
}

function addressOf<Reference>(
  kind: Pick<DefinitionKind<Reference, unknown, unknown>, 'pathOf' | 'fields'>,
  { reference, asker }: Question<Reference>,
  upstream: string,
): string {
  const parameters = new URLSearchParams(asker.search);
  parameters.set('fields', kind.fields);
  const path = kind.pathOf(reference).map(encodeURIComponent).join('/');
  return `${upstream}/bigquery/v2/${path}?${parameters}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
