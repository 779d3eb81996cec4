import { createInterface } from 'node:readline';
import { openLedger } from '../../src/ledger/ledger.ts';

/** Run as a process: opens the ledger of each address that it reads, closes it, and answers `opened` or why not. */
for await (const url of createInterface({ input: process.stdin })) {
  try {
    const ledger = await openLedger(url);
    await ledger.close();
    process.stdout.write('opened\n');
  } catch (error) {
    process.stdout.write(`${String(error)}\n`);
  }
}
