import { openSpool } from '../../../src/books/outage/spool.ts';
import { admission } from '../builders.ts';

/** A process that holds a spool with one entry until it is killed. Prints a line once it does. */
const [path = ''] = process.argv.slice(2);
const spool = await openSpool(path);
await spool.append({ kind: 'decision', decision: admission('before').decision });
process.stdout.write('it has the spool\n');
setInterval(() => spool.size, 60_000);
