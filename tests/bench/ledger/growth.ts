import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createBooks } from '../../../src/books/books.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { pruneRecords } from '../../../src/records/pruning/prune.ts';
import { admission, settled } from '../../books/builders.ts';
import { budget, bytesLimit, covering } from '../../budget/builders.ts';
import { estimateOf } from '../../records/builders.ts';

/*
 * How large the ledger grows: admitted and settled queries of some cards, each over two tables, sealed; with their SQL and
 * without; and what is left of them when they are pruned.
 */
const { values } = parseArgs({ options: { queries: { type: 'string', default: '20000' } } });
const queries = Number(values.queries);

const large = budget({ limit: bytesLimit(1n << 60n) });

const DAY_MS = 86_400_000;
const start = Date.UTC(2026, 9, 1);
const SQL = `SELECT sender, DATE(created_at) AS day, COUNT(*) AS messages, COUNT(DISTINCT ticket_id) AS tickets
FROM \`guardrail-demo.atendimento.messages\`
WHERE created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY) AND sender IN ('agent', 'customer', 'bot')
GROUP BY sender, day
ORDER BY day DESC, messages DESC
LIMIT 2000`;

async function grow(url: string, sql: string): Promise<void> {
  const ledger = await openLedger(url);
  const books = createBooks({ ledger });
  for (let from = 0; from < queries; from += 500) {
    await Promise.all(
      Array.from({ length: 500 }, async (_, i) => {
        const n = from + i;
        const id = crypto.randomUUID();
        const atMs = start + Math.floor((n / queries) * 30 * DAY_MS);
        const asked = admission(id, { atMs, coverages: covering(large) });
        await books.admit({
          ...asked,
          decision: {
            ...asked.decision,
            atMs,
            sql,
            caller: { ...asked.decision.caller, person: String(n % 200), card: String(n % 300) },
            reading: { ...asked.decision.reading, fingerprint: (n % 300).toString(16).padStart(16, '0') },
            estimate: estimateOf(['messages', 'tickets']),
          },
        });
        await books.settle(settled(id, 10n, { admittedAtMs: atMs, jobId: `guardrail-demo:US.job_${id}` }));
      }),
    );
  }
  await sealNow(ledger);
  await ledger.close();
}

/** Of the database and of what its write-ahead log still holds. */
async function sizeOf(path: string): Promise<number> {
  const sizes = await Promise.all([path, `${path}-wal`].map((file) => stat(file).catch(() => ({ size: 0 }))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

const folder = await mkdtemp(join(tmpdir(), 'guardrail-growth-'));
try {
  console.log(`${queries} queries of 30 days, ${SQL.length} characters of SQL each\n`);
  console.log('| | bytes a query | GB per million queries |\n|---|---:|---:|');
  for (const [name, sql] of [
    ['SQL stored', SQL],
    ['SQL dropped', ''],
  ] as const) {
    const path = join(folder, `${name}.db`);
    await grow(`sqlite:${path}`, sql);
    const each = (await sizeOf(path)) / queries;
    console.log(`| SQLite, ${name} | ${each.toFixed(0)} | ${(each / 1000).toFixed(2)} |`);
  }
  const path = join(folder, 'SQL stored.db');
  const ledger = await openLedger(`sqlite:${path}`);
  await pruneRecords(ledger, { beforeMs: start + 31 * DAY_MS, nowMs: start + 31 * DAY_MS });
  const left = await ledger.read.selectFrom('spend_by_day').select('day').execute();
  await ledger.close();
  console.log(`\nPruned, ${left.length} rows of sums are left of them.`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
