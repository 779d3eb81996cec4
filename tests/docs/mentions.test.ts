import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CommandLine, callsIn, readCommandLine, wordsOf } from './command-line.ts';
import { blocksOf, codeOf, type Piece, readPages } from './pages.ts';

/** Options of other programs that pages mention. */
const OF_OTHERS: ReadonlySet<string> = new Set([
  '--enable-feature',
  '--ignore-scripts',
  '--max-semi-space-size',
  '--omit',
  '--skip-auth-route',
  '--update',
]);

const pages = readPages();
const blocks: readonly Piece[] = pages
  .flatMap(blocksOf)
  .filter(({ language }) => !/^(mermaid|json|sql)$/.test(language));
const spans = pages.flatMap(codeOf);
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

const placeOf = ({ page, line, text }: Piece) => `${page}:${line}: ${text.split('\n')[0]}`;

describe('what the docs say about the command line', () => {
  let commandLine: CommandLine;
  beforeAll(async () => {
    commandLine = await readCommandLine();
  }, 60_000);

  test('is right for every command and each of its options', () => {
    const calls = [
      ...blocks.flatMap((block) => callsIn(block.text).map((words) => [block, words] as const)),
      ...spans.flatMap((span) => [
        ...callsIn(span.text).map((words) => [span, words] as const),
        ...(commandLine.isCommand(wordsOf(span.text)) ? [[span, wordsOf(span.text)] as const] : []),
      ]),
    ];
    const faults = calls.flatMap(([where, words]) => {
      const fault = commandLine.faultIn(words);
      return fault === null ? [] : [`${placeOf(where)}: ${fault}, in: guardrail ${words.join(' ')}`];
    });

    expect(calls.length).toBeGreaterThan(80);
    expect(faults).toEqual([]);
  });

  test('includes the required options of commands written out with npm run', () => {
    const writtenOut = [...blocks, ...spans].filter(({ text }) => text.includes('npm run'));
    const calls = writtenOut.flatMap((piece) => callsIn(piece.text).map((words) => [piece, words] as const));
    const faults = calls.flatMap(([where, words]) =>
      commandLine.missingIn(words).map((option) => `${placeOf(where)}: lacks ${option}`),
    );

    expect(calls.length).toBeGreaterThan(40);
    expect(faults).toEqual([]);
  });

  test('is right for options named on their own', () => {
    const named = spans.flatMap((span) => {
      const option = /^(--[a-z][a-z-]*)/.exec(span.text)?.[1];
      return option === undefined ? [] : [{ span, option }];
    });
    const unknown = named.filter(({ option }) => !OF_OTHERS.has(option) && !commandLine.hasOption(option));

    expect(named.length).toBeGreaterThan(40);
    expect(
      unknown.map(({ span }) => placeOf(span)),
      'options that no command has; those of other programs stand in OF_OTHERS of tests/docs/mentions.test.ts',
    ).toEqual([]);
  });

  test('names only npm scripts that exist', () => {
    const unknown = [...blocks, ...spans].flatMap((piece) =>
      [...piece.text.matchAll(/npm run (?:--silent )?([a-z][\w:]*)/g)]
        .filter(([, script = '']) => !(script in scripts))
        .map(([call]) => `${placeOf(piece)}: ${call}`),
    );

    expect(unknown).toEqual([]);
  });
});
