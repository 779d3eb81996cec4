import type { Ledger } from '../../../src/ledger/ledger.ts';

/** A ledger that fails with the message `down` until it is told to come back. */
export function ledgerAway({ read }: Ledger) {
  let isBack = false;
  return {
    ledger: {
      get read() {
        if (isBack) return read;
        throw new Error('down');
      },
    },
    comeBack() {
      isBack = true;
    },
  };
}
