import { spentHours } from '../../budget/spent-hours.ts';
import type { ConsoleQuestions } from '../../console/questions.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { ApiQuestions } from '../../ops/questions.ts';
import { searchDecisions } from '../../records/decisions/search-decisions.ts';
import { spendBy, spendUpTo } from '../../records/spend/spend-by.ts';
import { spendIn } from '../../records/spend/spend-in-currency.ts';
import { ruleUses } from '../../records/uses/rule-uses.ts';
import { tableReads } from '../../records/uses/table-reads.ts';
import { unreadUses } from '../../records/uses/unread-uses.ts';
import { createSavings } from '../../reports/savings/savings.ts';
import { gatherMonth } from './gather-month.ts';
import { gatherSunsets } from './gather-sunset.ts';

/** Everything that the console and the API ask outside the process that guards queries. */
export interface Questions extends ConsoleQuestions, ApiQuestions {}

/** Answers all but those for charts from a ledger. */
export function consoleAnswers(db: LedgerReader): Questions {
  return {
    month: (query) => gatherMonth(db, query),
    spend: ({ maxRows, conversion, ...query }) =>
      conversion === undefined ? spendUpTo(db, query, maxRows) : spendIn(db, query, conversion, maxRows),
    async spendByTeam(span) {
      const rows = await spendBy(db, { by: ['team'], ...span });
      return rows.map(({ keys: [team = null], currency, queries, bytesBilled, costMicros }) => {
        return { team, currency, queries, bytesBilled, costMicros };
      });
    },
    spendByHour: (span) => spentHours(db, span),
    decisions: (filter) => searchDecisions(db, filter),
    ruleUses: (span) => ruleUses(db, span),
    unreadUses: (span) => unreadUses(db, span),
    tableReads: (span) => tableReads(db, span),
    savings: (query) => createSavings({ ledger: { read: db } }).report(query),
    sunset: (query) => gatherSunsets(db, query),
    // What draws is loaded by the process that draws, with the first chart.
    async burnDown(drawing) {
      const { drawBurnDown } = await import('../../console/charts/draw-burn-down.ts');
      return drawBurnDown(drawing);
    },
    async columns(drawing) {
      const { drawColumns } = await import('../../console/charts/draw-columns.ts');
      return drawColumns(drawing);
    },
  };
}
