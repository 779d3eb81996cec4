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

function assetIn(file: string, type: string): Asset {
  const content = readFileSync(new URL(`./assets/${file}`, import.meta.url));
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return { path: `/assets/${file.replace('.', `-${hash}.`)}`, type, content };
}

/** The styles and scripts of every page of the console. */
export const assets = {
  style: assetIn('console.css', 'text/css; charset=utf-8'),
  script: assetIn('console.js', 'text/javascript; charset=utf-8'),
  icon: assetIn('icon.svg', 'image/svg+xml'),
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
