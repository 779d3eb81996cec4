import type { LedgerReader } from '../ledger/ledger.ts';
import { deliveriesOf, type WebhookDelivery } from './delivery/deliveries.ts';
import { type Notice, noticeContent } from './notice.ts';

/** A notice in the ledger. */
export interface RecordedNotice {
  readonly id: string;
  readonly notice: Notice;
  /** Null while some webhook is still to get it. A notice that a higher threshold covers counts as sent. */
  readonly deliveredAtMs: number | null;
  /** How many times it was tried. */
  readonly attempts: number;
  /** The webhooks that are done with it. */
  readonly deliveries: readonly WebhookDelivery[];
}

/** The newest notices, newest first; none whose kind of budget only a later version knows. */
export async function listNotices(db: LedgerReader, limit: number): Promise<readonly RecordedNotice[]> {
  const rows = await db
    .selectFrom('notices')
    .selectAll()
    .orderBy('at_ms', 'desc')
    .orderBy('threshold', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
  const deliveries = await deliveriesOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.flatMap((row) => {
    const notice = noticeContent.safeDecode(JSON.parse(row.content));
    if (!notice.success) return [];
    return {
      id: row.id,
      notice: notice.data,
      deliveredAtMs: row.told_at_ms === null ? null : Number(row.told_at_ms),
      attempts: Number(row.attempts),
      deliveries: deliveries.get(row.id) ?? [],
    };
  });
}
