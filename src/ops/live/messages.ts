import type { FeedEvent } from '../../records/feed/decision-feed.ts';
import type { Settlement } from '../../vocabulary/decision.ts';
import { jsonOf } from '../json.ts';
import type { Redaction } from '../redaction/redact.ts';
import type { RedactedDecision } from '../redaction/redacted.ts';

/**
 * Server-sent events, as defined in the HTML standard: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */

/** A browser that loses the connection reconnects after this time. */
const RETRY_MS = 2_000;
/** Sent first, so that a browser knows how long to wait before it reconnects. */
export const OPENING = `retry: ${RETRY_MS}\n\n`;

/** Keeps intermediaries from taking a quiet connection for a dead one. */
export const HEARTBEAT = ': still here\n\n';

/** Something may be missing before what follows: reload the list. */
export const MISSED = 'event: missed\ndata: {}\n\n';

/** Enough to recognise a query; the decision itself has the rest. */
const MAX_SQL_LENGTH = 2_000;

/** As seen by those who get this redaction. */
export function eventMessage(event: FeedEvent, redaction: Redaction): string {
  return event.kind === 'decision'
    ? decisionMessage(redaction.decision({ ...event.decision, settlement: null }))
    : settlementMessage(event.settlement, event.team);
}

/** A decision. Its ID is the event's, from which a browser resumes when it reconnects. */
function decisionMessage(decision: RedactedDecision): string {
  const { sql } = decision;
  const shown =
    sql !== null && sql.length > MAX_SQL_LENGTH ? { sql: sql.slice(0, MAX_SQL_LENGTH), sqlCut: true } : {};
  return `id: ${decision.id}\nevent: decision\ndata: ${jsonOf({ ...decision, ...shown })}\n\n`;
}

/** What a decision came to. It has no ID: a browser resumes from the last decision. */
function settlementMessage(settlement: Settlement, team: string): string {
  return `event: settlement\ndata: ${jsonOf({ ...settlement, team })}\n\n`;
}
