import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Router } from 'express';

interface Asset {
  /** Where it is served; the path changes with its content. */
  readonly path: string;
  readonly type: string;
  readonly content: Buffer;
}

/** A year: changed content gets another path. */
const CACHE = 'public, max-age=31536000, immutable';

/** One stylesheet out of several files: what stands in a later one overrides what stands in an earlier one. */
const STYLES = [
  'palette',
  'page',
  'cards',
  'tables',
  'figures',
  'text',
  'feed',
  'decision',
  'forms',
  'narrow',
  'print',
].map((name) => `${name}.css`);

/** @param files their contents follow one another */
function assetOf(name: string, type: string, files: readonly string[] = [name]): Asset {
  const content = Buffer.concat(
    files.map((file) => readFileSync(new URL(`./assets/${file}`, import.meta.url))),
  );
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return { path: `/assets/${name.replace('.', `-${hash}.`)}`, type, content };
}

/** The styles and scripts of every page of the console. */
export const assets = {
  style: assetOf('console.css', 'text/css; charset=utf-8', STYLES),
  script: assetOf('console.js', 'text/javascript; charset=utf-8'),
  icon: assetOf('icon.svg', 'image/svg+xml'),
} as const;

/** Serves them to anybody: they contain nothing about this guardrail. */
export function assetsRouter(): Router {
  const router = Router();
  for (const { path, type, content } of Object.values(assets)) {
    router.get(path, (_request, response) => {
      response.set({ 'cache-control': CACHE, 'x-content-type-options': 'nosniff' }).type(type).send(content);
    });
  }
  return router;
}
