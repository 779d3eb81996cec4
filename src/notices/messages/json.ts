import type { Language } from '../../foundation/text/language.ts';
import { rollingHours } from '../../vocabulary/budget.ts';
import { type Notice, usedPercent } from '../notice.ts';
import { textsOf } from './texts.ts';

/**
 * A notice for programs: one flat object. Amounts are decimal text, since they may exceed 2^53, and money is in micros
 * of `currency`; instants are ISO 8601 in UTC. Every key is always present: null means that it does not apply.
 */
export function jsonMessage(id: string, notice: Notice, language: Language) {
  const { subject, forecast } = notice;
  const used = usedPercent(notice);
  const { title, sentences } = textsOf(notice, language);
  return {
    kind: 'budget_threshold',
    id,
    message: `${title}. ${sentences.join(' ')}`,
    budget: notice.budget,
    per: notice.per,
    account: notice.per === null ? null : notice.account,
    team: subject.team ?? null,
    principal: subject.principal ?? null,
    person: subject.person ?? null,
    dashboard: subject.dashboard ?? null,
    card: subject.card ?? null,
    project: subject.project ?? null,
    tool: subject.tool ?? null,
    whenExceeded: notice.whenExceeded,
    window: notice.window,
    windowKey: rollingHours(notice.window) === null ? notice.windowKey : null,
    windowStart: iso(notice.windowStartMs),
    windowEnd: iso(notice.windowEndMs),
    timeZone: notice.timeZone,
    contact: notice.contact,
    threshold: notice.threshold,
    reachedAt: iso(notice.atMs),
    ...measureOf(notice.unit),
    limit: notice.limit.toString(),
    used: notice.used.toString(),
    reserved: notice.reserved.toString(),
    usedPercent: used === null ? null : Number(used),
    projected: forecast?.projected.toString() ?? null,
    usedUpAt: forecast === null || forecast.usedUpAtMs === null ? null : iso(forecast.usedUpAtMs),
  };
}

function measureOf(unit: string): { readonly unit: string; readonly currency: string | null } {
  return unit === 'bytes' || unit === 'slot-ms' || unit === 'queries'
    ? { unit, currency: null }
    : { unit: 'micros', currency: unit };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
