import { Router } from 'express';
import { z } from 'zod';
import { catalogJson } from '../catalog/as-json.ts';
import { timeZone } from '../policy/schema-parts.ts';
import { spendKeys, wrongKeys } from '../records/spend-query.ts';
import { left } from '../vocabulary/spend.ts';
import { redactionOf, requires } from './access/identify.ts';
import { gatherCatalog } from './catalog.ts';
import { grantsRouter } from './grants.ts';
import { readQuery, sendJson } from './json.ts';
import { decisionStream } from './live/stream.ts';
import { savingsRouter } from './savings.ts';
import type { OpsSources } from './sources.ts';

const DAY_MS = 86_400_000;

/** Accounts told of each budget that is kept apart by person and the like: those that have spent most. */
const MOST_ACCOUNTS = 20;

const instant = z.union([
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z.iso.date().transform((text) => Date.parse(`${text}T00:00:00Z`)),
]);

const limited = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(50) });

const decisionsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  team: z.string().optional(),
  before: instant.optional(),
});

const spanQuery = z.strictObject({ from: instant.optional(), to: instant.optional() });

const spendQuery = z.strictObject({
  by: z
    .string()
    .default('team')
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(spendKeys)))
    .superRefine((by, context) => {
      const wrong = wrongKeys(by);
      if (wrong !== null) context.addIssue(wrong);
    }),
  from: instant.optional(),
  to: instant.optional(),
  team: z.string().optional(),
  time_zone: timeZone.default('UTC'),
});

/** The JSON API under `/api/v1`: for viewers to read, with SQL and persons for analysts, and for operators to write. */
export function apiRouter(sources: OpsSources): Router {
  const router = Router();
  router.use(requires('viewer'));

  router.get('/budgets', async (_request, response) => {
    const balances = await sources.budgets.standing(sources.policy().budgets, Date.now(), MOST_ACCOUNTS);
    const redaction = redactionOf(response);
    sendJson(response, {
      budgets: balances.map((balance) => ({ ...redaction.balance(balance), left: left(balance) })),
    });
  });

  router.get('/decisions', async (request, response) => {
    const query = readQuery(decisionsQuery, request, response);
    if (query === null) return;
    const decisions = await sources.records.list({
      limit: query.limit,
      ...(query.team === undefined ? {} : { team: query.team }),
      ...(query.before === undefined ? {} : { toMs: query.before }),
    });
    sendJson(response, { decisions: decisions.map(redactionOf(response).decision) });
  });

  router.get('/decisions/stream', decisionStream(sources));

  router.get('/decisions/:id', async (request, response) => {
    const record = await sources.records.get(request.params.id);
    if (record === null) {
      response.status(404).json({ error: `there is no decision ${request.params.id}` });
      return;
    }
    const redaction = redactionOf(response);
    const rewrites = await sources.keptRewrites.of(record.id);
    sendJson(response, { ...redaction.decision(record), rewrites: rewrites.map(redaction.rewrite) });
  });

  router.get('/spend', async (request, response) => {
    const query = readQuery(spendQuery, request, response);
    if (query === null) return;
    const toMs = query.to ?? Date.now() + 1;
    const fromMs = query.from ?? toMs - 30 * DAY_MS;
    const rows = await sources.records.spendBy({
      by: query.by,
      fromMs,
      toMs,
      timeZone: query.time_zone,
      ...(query.team === undefined ? {} : { team: query.team }),
    });
    const redaction = redactionOf(response);
    const spend = rows
      .map((row) => redaction.spend(row, query.by))
      .map((row) => ({ ...row, key: row.keys[0] }));
    sendJson(response, { by: query.by, from: new Date(fromMs), to: new Date(toMs), spend });
  });

  router.get('/catalog', async (request, response) => {
    const query = readQuery(spanQuery, request, response);
    if (query === null) return;
    const nowMs = Date.now();
    const toMs = query.to ?? nowMs + 1;
    const fromMs = query.from ?? toMs - 30 * DAY_MS;
    const report = await gatherCatalog(sources.records, sources.policy(), { fromMs, toMs, nowMs });
    sendJson(response, catalogJson(report));
  });

  router.get('/notices', async (request, response) => {
    const query = readQuery(limited, request, response);
    if (query === null) return;
    const notices = await sources.notices.list(query);
    sendJson(response, { notices: notices.map(redactionOf(response).notice) });
  });

  router.get('/books', async (_request, response) => {
    const reconciliation = await sources.lastReconciliation();
    sendJson(response, {
      head: await sources.records.head(),
      reconciliation: reconciliation && redactionOf(response).reconciliation(reconciliation),
      spooled: sources.spool.size,
    });
  });

  router.get('/policy', (_request, response) => {
    const { version, budgets } = sources.policy();
    const redaction = redactionOf(response);
    const rejectedEdit = sources.rejectedPolicy()?.map(redaction.policyError) ?? null;
    sendJson(response, { version, budgets: budgets.map(redaction.budget), rejectedEdit });
  });

  router.use('/savings', savingsRouter(sources));
  router.use('/grants', grantsRouter(sources));

  router.use((request, response) => {
    response.status(404).json({ error: `there is nothing at ${request.baseUrl}${request.path}` });
  });
  return router;
}
