import { Command, InvalidArgumentError, Option } from 'commander';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { type BooksFinding, meaningOf } from '../../records/journal/findings.ts';
import { type VerifyReport, verifyRecords } from '../../records/journal/verify.ts';
import { examples } from '../shared/examples.ts';
import { EXIT_OK, EXIT_WRONG, exitOnUsageError, exitWith } from '../shared/exit-codes.ts';
import { addLedgerOptions, type LedgerFlags, withLedger } from '../shared/ledger-option.ts';
import { showShare } from '../shared/progress.ts';
import { formatOption } from '../shared/shared-options.ts';

/** Beyond this many, findings are counted but not shown; fewer as text. */
const MAX_FINDINGS = 1_000;
const MAX_LINES = 100;

interface Flags extends LedgerFlags {
  readonly expectHead: ReadonlyMap<number, string>;
  readonly format: keyof typeof FORMATS;
}

const FORMATS = { text: textOf, json: jsonOf };

interface Verification {
  readonly report: VerifyReport;
  /** The first of them. */
  readonly findings: readonly BooksFinding[];
  readonly seconds: number;
}

/** `guardrail records verify`: whether the books are as they were entered. */
export function recordsVerifyCommand(): Command {
  return addLedgerOptions(new Command('verify'))
    .description(
      'Prove that no record was altered, removed or slipped in. Exits 0 if so, 1 if not, 2 if it could not find out.',
    )
    .addHelpText(
      'after',
      examples('records verify', 'records verify --ledger sqlite:backup.db --format json'),
    )
    .addOption(
      new Option('--expect-head <seal:hash>', 'a head of the chain that was kept elsewhere; repeatable')
        .argParser(addHead)
        .default(new Map<number, string>(), 'none'),
    )
    .addOption(formatOption(FORMATS, 'text'))
    .exitOverride(exitOnUsageError)
    .action((flags: Flags) =>
      exitWith(async () => {
        const verification = await withLedger(flags, ({ read }) => verify(read, flags.expectHead));
        process.stdout.write(FORMATS[flags.format](verification));
        return verification.report.findings === 0 ? EXIT_OK : EXIT_WRONG;
      }, 'Could not find out whether the records are intact.'),
    );
}

/** @throws InvalidArgumentError */
function addHead(text: string, heads: ReadonlyMap<number, string>): ReadonlyMap<number, string> {
  const [, seal, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seal === undefined || hash === undefined) {
    throw new InvalidArgumentError('a head is written SEAL:HASH, such as 120:9f86d0…, with 64 hex digits.');
  }
  const known = heads.get(Number(seal));
  if (known !== undefined && known !== hash) {
    throw new InvalidArgumentError(`seal ${seal} was given another hash before.`);
  }
  return new Map([...heads, [Number(seal), hash]]);
}

async function verify(read: LedgerReader, heads: ReadonlyMap<number, string>): Promise<Verification> {
  const startMs = performance.now();
  const findings: BooksFinding[] = [];
  const report = await verifyRecords(read, {
    heads,
    nowMs: Date.now(),
    onFinding: (finding) => {
      if (findings.length < MAX_FINDINGS) findings.push(finding);
    },
    onProgress: (share) => showShare('Verifying', share),
  });
  if (report.head === null && report.entries === 0 && report.findings === 0) {
    throw new Error('There is nothing to verify: the ledger holds no records. Is it the right one?');
  }
  return { report, findings, seconds: (performance.now() - startMs) / 1000 };
}

function jsonOf({ report, findings, seconds }: Verification): string {
  const shown = findings.map((finding) => ({ ...finding, meaning: meaningOf(finding) }));
  const { findings: found, ...rest } = report;
  return `${JSON.stringify({ intact: found === 0, ...rest, found, findings: shown, seconds }, null, 2)}\n`;
}

function textOf({ report, findings, seconds }: Verification): string {
  const { head, entries, unsealed, pruned } = report;
  const lines = findings.slice(0, MAX_LINES).map((finding) => `${finding.finding}: ${meaningOf(finding)}`);
  if (report.findings > MAX_LINES) lines.push(`… and ${report.findings - MAX_LINES} more.`);
  for (const { atMs, beforeMs, decisions, settlements } of report.prunings) {
    lines.push(
      `Pruned ${instant(atMs)}: ${decisions} decisions and ${settlements} settlements from before ${instant(beforeMs)}.`,
    );
  }
  const speed = Math.round(entries / Math.max(seconds, 0.001));
  lines.push(
    `${report.findings === 0 ? 'Intact' : `NOT INTACT, ${report.findings} findings`}: ${entries} entries, ` +
      `${unsealed} of them not sealed yet, and ${pruned} pruned, in ${seconds.toFixed(1)} s (${speed} a second).`,
    head === null
      ? 'Nothing is sealed yet.'
      : `Head ${head.seal}:${head.hash}, sealed ${instant(head.atMs)}.`,
  );
  return `${lines.join('\n')}\n`;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
