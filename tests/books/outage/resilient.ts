import { join } from 'node:path';
import type { Books } from '../../../src/books/books.ts';
import type { Entry } from '../../../src/books/entries.ts';
import { createResilientBooks, type ResilienceOptions } from '../../../src/books/outage/resilient-books.ts';
import { type Damage, openSpool } from '../../../src/books/outage/spool.ts';
import { LedgerError } from '../../../src/ledger/errors.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { freshBooks, type TestBooks } from '../builders.ts';

export const unreachableError = () => new LedgerError('unreachable', 'The ledger is gone.', 'Bring it back.');

/** How the ledger answers: normally, with an error, with an error after the write, or once a promise resolves. */
type Way = 'well' | 'not' | 'in doubt' | Promise<void>;

/** Books on a real ledger that can be made to fail, with resilient books on top. */
export async function resilient(options: Partial<ResilienceOptions> = {}) {
  const folder = await temporaryFolder();
  const real: TestBooks = await freshBooks();
  const spoolPath = join(folder, 'spool.jsonl');
  const spool = await openSpool(spoolPath);
  const states: string[] = [];
  const rejected: Entry[] = [];
  const damages: Damage[] = [];
  const unwritten: (readonly [string, string])[] = [];
  const ledger: { way: Way; asked: number } = { way: 'well', asked: 0 };

  async function through<T>(work: () => Promise<T>): Promise<T> {
    ledger.asked += 1;
    const { way } = ledger;
    if (way === 'not') throw unreachableError();
    if (way instanceof Promise) await way;
    const done = await work();
    if (way === 'in doubt') throw unreachableError();
    return done;
  }

  const failing: Books = {
    admit: (asked) => through(() => real.books.admit(asked)),
    record: (decision) => through(() => real.books.record(decision)),
    settle: (settlement) => through(() => real.books.settle(settlement)),
    giveBackPlaces: (ids) => through(() => real.books.giveBackPlaces(ids)),
    abandon: (id) => through(() => real.books.abandon(id)),
    drained: real.books.drained,
  };
  const books = createResilientBooks(failing, spool, {
    timeoutMs: 60_000,
    onFailure: 'deny',
    onState: (state) => states.push(state),
    onRejected: (entry) => rejected.push(entry),
    onDamaged: (damage) => damages.push(damage),
    onHeld: (id, error) => unwritten.push([id, String(error)]),
    ...options,
  });
  return { ...real, books, spool, spoolPath, states, rejected, damages, unwritten, ledger };
}
