import compression from 'compression';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { html } from '../foundation/pages/html.ts';
import { languages } from '../foundation/text/language.ts';
import { requireRole } from '../ops/access/identify.ts';
import { localPath } from '../ops/access/sign-in/next.ts';
import { isPageRequest } from '../ops/access/turn-away.ts';
import { keepPreference, themes } from '../ops/preferences.ts';
import { timeZoneOf } from '../policy/time-zone.ts';
import { assetsRouter } from './assets.ts';
import { budgetQuery } from './budgets/budget-query.ts';
import { budgetsPage } from './budgets/page.ts';
import { contextOf } from './context.ts';
import { feedList } from './decisions/feed.ts';
import { gatherDecision } from './decisions/gather.ts';
import { decisionListRoute } from './decisions/list-route.ts';
import { decisionPage } from './decisions/page.ts';
import { createFigures, type Figures } from './figures.ts';
import { prefilledFields } from './grants/form.ts';
import { grantsPage } from './grants/page.ts';
import { grantForms, grantsViewOf, noteFrom } from './grants/routes.ts';
import { gatherHealth } from './health/gather.ts';
import { healthPage } from './health/page.ts';
import { FEED_LENGTH, gatherOverview, monthAt } from './overview/gather.ts';
import { overviewPage } from './overview/page.ts';
import type { PageContext } from './page.ts';
import { answerFailed, answerNotFound } from './plain-page.ts';
import { rulesPage } from './rules/page.ts';
import { setSecurityHeaders } from './security.ts';
import type { ConsoleSources } from './sources.ts';
import { tablesPage } from './tables/page.ts';

/** Long enough that a process which starts and ends at once does without. */
const WARM_AFTER_MS = 5_000;

/** Computes the first page's sums before anybody asks for them. */
function warmUp(sources: ConsoleSources, figures: Figures): void {
  setTimeout(() => {
    // Whoever asks for the sums is told why they failed.
    void figures.month(monthAt(Date.now(), timeZoneOf(sources.policy()))).catch(() => undefined);
  }, WARM_AFTER_MS).unref();
}

/** Writes one page; null if there is nothing at its address. */
type RenderPage = (context: PageContext, request: Request) => Promise<string | null>;

/** The console: pages for people who watch spend, each rendered by the server. */
export function consoleRouter(sources: ConsoleSources): Router {
  const router = Router();
  const figures = createFigures(sources);
  warmUp(sources, figures);
  router.use(compression());
  router.use(assetsRouter());

  const page = (path: string, render: RenderPage) =>
    router.get(path, setSecurityHeaders, requireRole('viewer'), async (request, response) => {
      await sendPage({ request, response }, sources, render);
    });

  page('/', async (context) =>
    overviewPage(await gatherOverview(sources, figures, context), figures, context),
  );
  page('/feed', feedRoute(sources));
  page('/decisions', decisionListRoute(sources));
  page('/decisions/:id', async (context, { params }) => {
    const decision = await gatherDecision(sources, String(params['id']), context.nowMs);
    return decision === null ? null : decisionPage(decision, context);
  });

  page('/budgets', (context, { query }) => budgetsPage(sources, figures, context, budgetQuery.parse(query)));
  page('/grants', grantsRoute(sources));
  page('/rules', (context) => rulesPage(sources, figures, context));
  page('/tables', (context) => tablesPage(sources, figures, context));
  page('/health', async (context) => healthPage(await gatherHealth(sources, context.nowMs), context));

  router.use(grantForms(sources));
  router.use(preferencesRouter());
  router.get('/{*path}', pagesOnly, setSecurityHeaders, requireRole('viewer'), (request, response) => {
    answerNotFound(request, response, sources);
  });
  return router;
}

function feedRoute({ records }: ConsoleSources): RenderPage {
  return async (context) => {
    const latest = await records.list({ limit: FEED_LENGTH });
    const items = feedList(latest.map(context.redaction.decision), context);
    return html`<!doctype html><title>feed</title><div id="feed">${items}</div>`.markup;
  };
}

function grantsRoute(sources: ConsoleSources): RenderPage {
  return async (context, request) =>
    grantsPage(
      {
        ...(await grantsViewOf(sources, context.nowMs)),
        note: noteFrom(request),
        prefilled: prefilledFields.parse(request.query),
        rejected: null,
      },
      context,
    );
}

/** Only browsers are shown a page, or a way to sign in: programs get an answer that they can read. */
const pagesOnly: RequestHandler = (request, _response, next) =>
  isPageRequest(request) ? next() : next('route');

async function sendPage(
  { request, response }: { readonly request: Request; readonly response: Response },
  sources: ConsoleSources,
  render: RenderPage,
): Promise<void> {
  response.vary('accept-language').vary('cookie').type('html');
  try {
    const page = await render(contextOf(request, response, sources), request);
    if (page === null) answerNotFound(request, response, sources);
    else response.send(page);
  } catch (error) {
    answerFailed(request, response, { sources, error });
  }
}

/** Preferences for how pages look, kept in the browser and set through links that work without a script. */
function preferencesRouter(): Router {
  const router = Router();
  router.get('/language/:language', (request, response, next) => {
    const language = languages.find((each) => each === request.params.language);
    if (language === undefined) return next();
    keepPreference(response, 'language', language);
    response.redirect(303, localPath(request.query['to']));
  });
  router.get('/theme/:theme', (request, response, next) => {
    const theme = themes.find((each) => each === request.params.theme);
    if (theme === undefined) return next();
    keepPreference(response, 'theme', theme);
    response.redirect(303, localPath(request.query['to']));
  });
  return router;
}
