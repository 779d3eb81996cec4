import { Command, Option } from 'commander';
import { diffPolicies } from '../policy/diff/diff.ts';
import { type PolicyTexts, readPolicyFolder } from '../policy/folder.ts';
import { policyFrom } from '../policy/load.ts';
import { readSections } from '../policy/sections.ts';
import { readPolicyFolderAt } from './policy-at-revision.ts';
import { type Compared, comparedAsJson, comparedAsMarkdown } from './policy-diff-formats.ts';
import { exitAs, exitBy, WELL } from './verdicts.ts';

const FORMATS = { markdown: comparedAsMarkdown, json: comparedAsJson };

interface Flags {
  readonly base?: string;
  readonly format: keyof typeof FORMATS;
}

/** `guardrail policy diff`: what an edit of policy files means, to be pasted into a pull request. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('Say what policy files mean otherwise than before, as Markdown for a pull request.')
    .usage('[options] <old> <new> | --base <revision> [folder]')
    .argument('[folders...]', 'folders of policy files: the old one and the new one; with --base, one')
    .option('--base <revision>', 'take the old files from this git revision, such as main')
    .addOption(
      new Option('--format <format>', 'how to report').choices(Object.keys(FORMATS)).default('markdown'),
    )
    .exitOverride(exitAs)
    .action((folders: readonly string[], flags: Flags) =>
      exitBy(async () => {
        const { before, after } = await read(folders, flags);
        const compared: Compared = {
          before: before.label,
          after: after.label,
          diff: diffPolicies(sectionsOf(before), sectionsOf(after)),
        };
        process.stdout.write(FORMATS[flags.format](compared));
        return WELL;
      }),
    );
}

interface Side {
  readonly folder: string;
  /** How people call it. */
  readonly label: string;
  readonly texts: PolicyTexts;
}

async function read(
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

/** @throws PolicyRejected: of files with errors nobody can say what they mean */
function sectionsOf({ label, texts }: Side) {
  policyFrom(label, texts);
  return readSections(texts.files);
}
