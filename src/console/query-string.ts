/** A query string without the parameters that are not set. */
export function queryString(parameters: Readonly<Record<string, string | null | undefined>>): string {
  const set = Object.entries(parameters).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, value] as const],
  );
  return set.length === 0 ? '' : `?${new URLSearchParams(Object.fromEntries(set))}`;
}
