import { withinMs } from '../foundation/waiting/within.ts';

/**
 * How long probes, scrapes and the page on health wait for the ledger. A database that hangs, or a network that drops
 * everything, keeps a read waiting for longer than those who ask wait for their answer.
 */
const WAIT_MS = 2_000;

/** The ledger neither answers nor fails. */
export class LedgerSilent extends Error {
  constructor() {
    super(
      `The ledger has not answered within ${WAIT_MS / 1000} s. ` +
        'Check the database, what it is waiting for, and the network to it.',
    );
    this.name = 'LedgerSilent';
  }
}

/**
 * What is read from the ledger, if it comes soon. Else the read goes on for nobody.
 * @throws LedgerSilent if it does not, or whatever the read throws
 */
export async function soon<T>(read: Promise<T>): Promise<T> {
  const answer = await withinMs(read, WAIT_MS);
  if (answer === null) throw new LedgerSilent();
  return answer.value;
}
