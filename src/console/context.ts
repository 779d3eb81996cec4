import type { Request, Response } from 'express';
import { redactionOf, visitorOf } from '../ops/access/identify.ts';
import { preferencesOf } from '../ops/preferences.ts';
import { timeZoneOf } from '../policy/time-zone.ts';
import type { PageContext } from './page.ts';
import type { ConsoleSources } from './sources.ts';

/** Who asks for a page, and how to write it. Only behind `requireRole`. */
export function contextOf(
  request: Request,
  response: Response,
  { policy }: Pick<ConsoleSources, 'policy'>,
): PageContext {
  return {
    ...preferencesOf(request),
    visitor: visitorOf(response),
    redaction: redactionOf(response),
    url: request.originalUrl,
    nowMs: Date.now(),
    timeZone: timeZoneOf(policy()),
  };
}
