import type { Command } from 'commander';
import { beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/main.ts';
import { type CommandLine, callsIn, readCommandLine } from '../docs/command-line.ts';

/** What is read of a command that is asked for help. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (written) => {
      text += written;
    },
  });
  command.outputHelp();
  return text;
}

describe('the help of every command', () => {
  let commandLine: CommandLine;
  let commands: readonly Command[] = [];
  beforeAll(async () => {
    commandLine = await readCommandLine();
    const all = await Promise.all(Object.values(COMMANDS).map((load) => load()));
    commands = all.flatMap((one) => (one.commands.length === 0 ? [one] : one.commands));
  }, 60_000);

  test('ends with examples that have every required option', () => {
    const faults = commands.flatMap((command) => {
      const [, after = ''] = helpOf(command).split('\nExamples:\n');
      const calls = callsIn(after.replaceAll('  guardrail', 'guardrail'));
      if (calls.length === 0) return [`${command.name()}: no example`];
      return calls.flatMap((words) => [
        ...(words.includes(command.name()) ? [] : [`${command.name()}: an example of another command`]),
        ...(commandLine.faultIn(words) ?? []),
        ...commandLine.missingIn(words).map((option) => `${command.name()}: an example lacks ${option}`),
      ]);
    });

    expect(commands.length).toBeGreaterThan(20);
    expect(faults).toEqual([]);
  });

  test('explains every option, says which are required, and shows defaults as they are typed', () => {
    const faults = commands.flatMap((command) =>
      command.options.flatMap(({ flags, description, mandatory, defaultValue }) => [
        ...(description === '' ? [`${flags}: says nothing`] : []),
        ...(mandatory && defaultValue === undefined && !description.includes('(required)')
          ? [`${flags}: does not say that it must be given`]
          : []),
      ]),
    );

    expect(faults).toEqual([]);
    for (const command of commands) expect(helpOf(command)).not.toMatch(/default: (?:\{|\[|undefined|true)/);
  });
});
