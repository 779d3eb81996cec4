import type { LedgerReader } from '../../../ledger/ledger.ts';
import type { TimeSpan } from '../../../vocabulary/time-span.ts';

/** Bounds what is in memory at once, and how many parameters a statement has. */
export const PAGE = 1_000;

/** A decision, with its reservation if it has one. */
export type DecisionRow = Awaited<ReturnType<typeof nextDecisions>>[number];

/** The decisions of a span in order, a page at a time. */
export async function* decisionPages(
  db: LedgerReader,
  span: TimeSpan,
): AsyncGenerator<readonly DecisionRow[]> {
  let after: DecisionRow | null = null;
  for (;;) {
    const page: readonly DecisionRow[] = await nextDecisions(db, span, after);
    yield page;
    after = page.at(-1) ?? null;
    if (after === null || page.length < PAGE) return;
  }
}

async function nextDecisions(
  db: LedgerReader,
  { fromMs, toMs }: TimeSpan,
  after: { readonly at_ms: bigint; readonly id: string } | null,
) {
  const query = selectDecisions(db)
    .where('decisions.at_ms', '<', BigInt(toMs))
    .orderBy('decisions.at_ms')
    .orderBy('decisions.id')
    .limit(PAGE);
  if (after === null) return query.where('decisions.at_ms', '>=', BigInt(fromMs)).execute();
  // The first condition keeps PostgreSQL from reading everything older again for each page.
  return query
    .where('decisions.at_ms', '>=', after.at_ms)
    .where((eb) => eb.or([eb('decisions.at_ms', '>', after.at_ms), eb('decisions.id', '>', after.id)]))
    .execute();
}

/** Decisions, with their reservations. */
export function selectDecisions(db: LedgerReader) {
  return db
    .selectFrom('decisions')
    .leftJoin('reservations', 'reservations.decision_id', 'decisions.id')
    .select([
      'decisions.id',
      'decisions.at_ms',
      'decisions.project_id',
      'decisions.team',
      'decisions.principal',
      'decisions.outcome',
      'decisions.details',
      'reservations.state',
      'reservations.currency',
    ]);
}
