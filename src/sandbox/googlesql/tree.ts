/**
 * Polyglot's syntax tree, as the sandbox rewrites it: a node is an object with one key, its type, whose value is its
 * body. Bodies are plain JSON; the parts that the sandbox does not know stay unchanged.
 */
export type Body = { readonly [key: string]: unknown };

/** A node's replacement, or null to keep it. Its children have been rewritten already. */
export type Rewrite = (type: string, body: Body) => unknown | null;

/** The tree with nodes replaced, from the leaves up. */
export function rewriteTree(part: unknown, rewrite: Rewrite): unknown {
  if (Array.isArray(part)) return part.map((item) => rewriteTree(item, rewrite));
  if (!isBody(part)) return part;
  const entries = Object.entries(part).map(([key, value]) => [key, rewriteTree(value, rewrite)] as const);
  const rebuilt = Object.fromEntries(entries);
  const [only, ...others] = entries;
  if (only === undefined || others.length > 0 || !isBody(only[1])) return rebuilt;
  return rewrite(only[0], only[1]) ?? rebuilt;
}

/** The tree with every object in it replaced, both nodes and bodies, from the root down. */
export function rewriteBodies(part: unknown, rewrite: (body: Body) => Body): unknown {
  if (Array.isArray(part)) return part.map((item) => rewriteBodies(item, rewrite));
  if (!isBody(part)) return part;
  const entries = Object.entries(rewrite(part));
  return Object.fromEntries(entries.map(([key, value]) => [key, rewriteBodies(value, rewrite)]));
}

/** Every object in the tree, both nodes and bodies. */
export function bodiesIn(tree: unknown): readonly Body[] {
  const found: Body[] = [];
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (Array.isArray(part)) waiting.push(...part);
    else if (isBody(part)) {
      found.push(part);
      waiting.push(...Object.values(part));
    }
  }
  return found;
}

export function isBody(part: unknown): part is Body {
  return typeof part === 'object' && part !== null && !Array.isArray(part);
}

/** A node's type and body; null for anything else. */
export function nodeOf(part: unknown): { readonly type: string; readonly body: Body } | null {
  if (!isBody(part)) return null;
  const [entry, ...others] = Object.entries(part);
  if (entry === undefined || others.length > 0 || !isBody(entry[1])) return null;
  return { type: entry[0], body: entry[1] };
}

/** The text of `{name: …}`, the form of identifiers in the tree. */
export function identifier(part: unknown): string | null {
  return isBody(part) && typeof part['name'] === 'string' ? part['name'] : null;
}

/** The value of a string literal, or null. */
export function stringLiteral(part: unknown): string | null {
  const node = nodeOf(part);
  if (node?.type !== 'literal' || typeof node.body['value'] !== 'string') return null;
  return node.body['literal_type'] === 'string' || node.body['literal_type'] === 'raw_string'
    ? node.body['value']
    : null;
}
