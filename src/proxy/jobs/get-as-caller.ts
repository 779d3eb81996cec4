import type { Asker } from '../../estimate/dry-run.ts';

const ASK_TIMEOUT_MS = 30_000;

/**
 * Asks the warehouse under a caller's own credential, which is never sent on to a redirect.
 * @param path below `/bigquery/v2/projects/`, with encoded names
 * @param signal ends it when the process stops
 * @throws if the warehouse cannot be reached, or is too slow
 */
export function getAsCaller(
  asker: Asker,
  { upstream, signal }: { readonly upstream: string; readonly signal: AbortSignal },
  path: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Response> {
  const query = new URLSearchParams(asker.search);
  for (const [name, value] of Object.entries(parameters)) query.set(name, value);
  return fetch(`${upstream}/bigquery/v2/projects/${path}?${query}`, {
    headers: { ...asker.headers },
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(ASK_TIMEOUT_MS)]),
  });
}
