import type { Request, Response } from 'express';
import { html } from '../foundation/pages/html.ts';
import { contextOf } from './context.ts';
import { type PageContext, pageOf } from './page.ts';
import { phrasesIn } from './phrases/phrases.ts';
import type { ConsoleSources } from './sources.ts';

/** A page that only says what is the matter. */
function plainPage(what: 'notFound' | 'failed', context: PageContext): string {
  const { title, text } = phrasesIn(context.language)[what];
  return pageOf({ section: null, title, body: html`<h1>${title}</h1><p>${text}</p>` }, context);
}

/** Answers that there is no such page. */
export function answerNotFound(
  request: Request,
  response: Response,
  sources: Pick<ConsoleSources, 'policy'>,
): void {
  response
    .status(404)
    .type('html')
    .send(plainPage('notFound', contextOf(request, response, sources)));
}

/**
 * Answers that a page could not be written, or a form not entered.
 * @param url where the switches of the answer lead back to: the page itself, or that of the form
 */
export function answerFailed(
  request: Request,
  response: Response,
  {
    sources,
    error,
    url = request.originalUrl,
  }: {
    readonly sources: Pick<ConsoleSources, 'policy' | 'onError'>;
    readonly error: unknown;
    readonly url?: string;
  },
): void {
  const context = { ...contextOf(request, response, sources), url };
  response.status(503).type('html').send(plainPage('failed', context));
  sources.onError(error);
}
