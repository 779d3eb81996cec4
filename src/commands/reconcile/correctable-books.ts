import type { Books } from '../../books/books.ts';
import { BudgetError } from '../../budget/errors.ts';
import type { CorrectableBooks } from '../../reports/reconciliation/corrections.ts';

/** Books that report a correction they cannot enter, because it would charge a budget wrongly, with the reason. */
export function correctableBooks(books: Pick<Books, 'record' | 'settle'>): CorrectableBooks {
  return {
    record: (decision) => books.record(decision),
    async settle(settlement) {
      try {
        await books.settle(settlement);
        return null;
      } catch (error) {
        if (error instanceof BudgetError) return error.message;
        throw error;
      }
    },
  };
}
