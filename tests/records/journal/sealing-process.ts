import { openLedger } from '../../../src/ledger/ledger.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { enter, grantEntry } from './journal-builders.ts';

/** Enters as many grants as it is told, sealing all the while: `sealing-process.ts URL NAME COUNT`. */
const [url = '', name, count] = process.argv.slice(2);
const ledger = await openLedger(url);
for (let i = 0; i < Number(count); i += 50) {
  await enter(ledger, ...Array.from({ length: 50 }, (_, j) => grantEntry(`${name}-${i + j}`)));
  await sealNow(ledger);
}
await ledger.close();
