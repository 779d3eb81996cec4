import { Command } from 'commander';
import { diffPolicies } from '../../policy/diff/diff.ts';
import { type PolicyTexts, readPolicyFolder } from '../../policy/document/folder.ts';
import { readSections } from '../../policy/document/sections.ts';
import { policyFrom } from '../../policy/load.ts';
import type { ReplayReport } from '../../reports/replay/report.ts';
import { examples } from '../shared/examples.ts';
import { EXIT_OK, exitOnUsageError, exitWith } from '../shared/exit-codes.ts';
import { addLedgerOptions, type LedgerFlags } from '../shared/ledger-option.ts';
import { since } from '../shared/option-values.ts';
import { formatOption } from '../shared/shared-options.ts';
import { readPolicyFolderAt } from './diff/at-revision.ts';
import { comparisonAsJson, comparisonAsMarkdown, type PolicyComparison } from './diff/formats.ts';

const FORMATS = { markdown: comparisonAsMarkdown, json: comparisonAsJson };

interface Flags extends LedgerFlags {
  readonly base?: string;
  readonly since?: (nowMs: number) => number;
  readonly budgets: boolean;
  readonly format: keyof typeof FORMATS;
}

/** `guardrail policy diff`: what an edit of policy files means, to be pasted into a pull request. */
export function diffCommand(): Command {
  return addLedgerOptions(new Command('diff'))
    .description('Show what an edit of policy files changes, as Markdown for a pull request.')
    .addHelpText(
      'after',
      examples(
        'policy diff --base main policies',
        'policy diff --base main policies --since 30d',
        'policy diff policies edited-policies',
      ),
    )
    .usage('[options] <old> <new> | --base <revision> [folder]')
    .argument(
      '[folders...]',
      'folders of policy files: the old one and the new one; with --base, only the new one',
    )
    .option('--base <revision>', 'take the old files from this git revision, such as main')
    .option(
      '--since <time>',
      'also show what the new files would have made of the queries recorded since then: 30d, 4w, 12h, a date',
      since,
    )
    .option('--no-budgets', 'with --since: leave budgets out, and replay only rules')
    .addOption(formatOption(FORMATS, 'markdown'))
    .exitOverride(exitOnUsageError)
    .action((folders: readonly string[], flags: Flags) =>
      exitWith(async () => {
        const { before, after } = await readSides(folders, flags);
        const comparison: PolicyComparison = {
          before: before.label,
          after: after.label,
          diff: diffPolicies(sectionsOf(before), sectionsOf(after), Date.now()),
          replay: flags.since === undefined ? null : await replayOf(after, flags.since(Date.now()), flags),
        };
        process.stdout.write(FORMATS[flags.format](comparison));
        return EXIT_OK;
      }),
    );
}

interface Side {
  readonly folder: string;
  /** The name that people use for it. */
  readonly label: string;
  readonly texts: PolicyTexts;
}

async function readSides(
  folders: readonly string[],
  { base }: Flags,
): Promise<{ readonly before: Side; readonly after: Side }> {
  const [first = 'policies', second] = folders;
  if (base !== undefined && folders.length <= 1) {
    const texts = await readPolicyFolderAt(base, first);
    return { before: { folder: first, label: `${first} of ${base}`, texts }, after: await sideOf(first) };
  }
  if (base === undefined && folders.length === 2 && second !== undefined) {
    return { before: await sideOf(first), after: await sideOf(second) };
  }
  throw new Error('Name two folders, the old one and the new one; or --base and one folder.');
}

async function sideOf(folder: string): Promise<Side> {
  return { folder, label: folder, texts: await readPolicyFolder(folder) };
}

/** The same as `policy replay` shows, with rules and budgets as they are now. @throws BudgetError as it does */
async function replayOf({ label, texts }: Side, fromMs: number, flags: Flags): Promise<ReplayReport> {
  const { replayCandidate } = await import('./replay/candidate.ts');
  const nowMs = Date.now();
  return replayCandidate(
    flags,
    (options) => policyFrom(label, texts, options),
    () => ({ fromMs, toMs: nowMs, asOfMs: nowMs, withBudgets: flags.budgets }),
  );
}

/** @throws PolicyRejected: nobody can say what files with errors mean */
function sectionsOf({ label, texts }: Side) {
  policyFrom(label, texts);
  return readSections(texts.files);
}
