import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ELSEWHERE, elsewhere, isRun } from './elsewhere.ts';
import { type Block, blocksOf, readPages } from './pages.ts';
import { hasLine } from './places.ts';
import { type Outcome, type Surroundings, startSurroundings } from './run-page.ts';
import { commandsIn, isShell, type ShellCommand } from './shell.ts';

/** Commands whose exit code is their answer. */
const MAY_END_WITH: readonly (readonly [command: RegExp, codes: readonly number[]])[] = [
  // Whether the books balance, and whether a table can be retired, is an answer and not a failure.
  [/ reconcile /, [0, 1]],
  [/ catalog sunset /, [0, 1, 2]],
];

/** A command, and the lines of its output that the page shows. */
interface Step extends ShellCommand {
  readonly shown: readonly string[];
}

const pages = readPages();
const blocks = pages.flatMap(blocksOf);
const steps = pages.flatMap((page) => stepsOf(blocksOf(page)));
const run = Map.groupBy(steps.filter(isRun), ({ page }) => page);

/** A block of text right after one of commands is the output of the last command. */
function stepsOf(all: readonly Block[]): readonly Step[] {
  return all.flatMap((block, index) => {
    if (!isShell(block)) return [];
    const next = all[index + 1];
    const shown =
      next?.language === 'text' && next.isNext ? next.text.split('\n').filter((line) => line !== '') : [];
    const commands = commandsIn(block);
    return commands.map((command, at) => ({ ...command, shown: at === commands.length - 1 ? shown : [] }));
  });
}

const placeOf = ({ page, line, text }: ShellCommand) => `${page}:${line}: ${text}`;

describe('the commands of the docs', () => {
  test('are in blocks that name their language', () => {
    const unnamed = blocks
      .filter(({ language }) => language === '')
      .map(({ page, line }) => `${page}:${line}`);

    expect(unnamed, 'name the language behind the fence: sh for commands, text for what they write').toEqual(
      [],
    );
  });

  test('are run here, are run by another test, or have a reason why they cannot be', () => {
    const unknown = steps.filter((step) => !isRun(step) && elsewhere(step) === null).map(placeOf);

    expect(
      unknown,
      'is this to be run? Then let its program be one of RUN in tests/docs/elsewhere.ts; else say in ELSEWHERE there what runs it, or why nothing can',
    ).toEqual([]);
  });

  test('that are run elsewhere still exist, and so do the tests that run them', () => {
    const idle = ELSEWHERE.filter((one) => !steps.some((step) => elsewhere(step) === one));
    const lost = ELSEWHERE.filter(({ test: file }) => file !== undefined && !existsSync(file));

    expect([idle, lost], 'entries of ELSEWHERE that no page needs, or whose test is gone').toEqual([[], []]);
  });
});

describe('in the order of its page, on a demo without traffic,', () => {
  let surroundings: Surroundings;
  beforeAll(async () => {
    surroundings = await startSurroundings();
  }, 120_000);
  afterAll(() => surroundings?.close(), 60_000);

  test.each([...run])(
    'each command of %s does what the page says',
    { timeout: 300_000 },
    async (page, commands) => {
      const outcomes = await surroundings.run(page, commands);

      expect(commands.flatMap((command, index) => faultsOf(command, outcomes[index])).join('\n\n')).toBe('');
    },
  );
});

function faultsOf(step: Step, outcome: Outcome | undefined): readonly string[] {
  const { code, output } = outcome ?? { code: -1, output: '' };
  const codes = MAY_END_WITH.find(([command]) => command.test(step.text))?.[1] ?? [0];
  const missing = step.shown.filter((line) => !hasLine(output, line));
  return [
    ...(codes.includes(code) ? [] : [`${placeOf(step)}\nended with ${code}:\n${output}`]),
    ...missing.map((line) => `${placeOf(step)}\nhas no line\n${line}\nbut\n${output}`),
  ];
}
