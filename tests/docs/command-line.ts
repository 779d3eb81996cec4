import type { Command } from 'commander';
import { COMMANDS } from '../../src/main.ts';

/** The words that a reader would type after `guardrail`, where that begins a command. */
const CALL =
  /(?:npm run (?:--silent )?guardrail --|(?:^|[|&;(]|\$|\* |=\S+) *guardrail|src\/main\.ts"?) +([^\n]*)/gm;

/** The end of a command in a shell, or a comment after it. */
const END = /\s(?:\||\|\||&&|>|>>|<|#|;)(?:\s|$)|[;)`]/;

/** Placeholders that the reader replaces. */
const PLACEHOLDER = /^[A-Z"'$…]/;

/** Every command of `guardrail`, with all its options. */
export interface CommandLine {
  /** What is wrong with the words after `guardrail`; null if they are right. */
  faultIn(words: readonly string[]): string | null;
  /** The required options that these words lack, such as `--month <month>`; empty for unknown commands. */
  missingIn(words: readonly string[]): readonly string[];
  /** Whether some command has this option, such as `--from`. */
  hasOption(option: string): boolean;
  /** Whether these words begin with a command and its subcommand or an option, such as `policy check`. */
  isCommand(words: readonly string[]): boolean;
}

export async function readCommandLine(): Promise<CommandLine> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const all = commands.flatMap((one) => [one, ...one.commands]);
  return {
    faultIn: (words) => faultIn(words, commands),
    missingIn: (words) => missingIn(words, commands),
    hasOption: (option) => isGeneral(option) || all.some((one) => optionsOf(one).includes(option)),
    isCommand: ([first, second]) =>
      commands.some(
        (one) =>
          one.name() === first &&
          (one.commands.some((sub) => sub.name() === second) || second?.startsWith('--') === true),
      ),
  };
}

/** The words after each `guardrail` in a text. */
export function callsIn(text: string): readonly (readonly string[])[] {
  const lines = text.replaceAll('\\\n', ' ');
  return [...lines.matchAll(CALL)].map(([, rest = '']) => wordsOf(rest.split(END)[0] ?? ''));
}

/** The words of a text; a quoted text is one word. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/(?:"[^"]*"?|'[^']*'?|[^\s"'])+/g) ?? [];
}

function faultIn(words: readonly string[], commands: readonly Command[]): string | null {
  const [name = '', ...rest] = words;
  if (isGeneral(name) || PLACEHOLDER.test(name)) return null;
  let command = commands.find((one) => one.name() === name);
  if (command === undefined) return `there is no command ${name}`;
  const path = [name];
  for (const word of rest) {
    const option = /^(--[a-z][a-z-]*)/.exec(word)?.[1];
    if (option !== undefined) {
      if (!isGeneral(option) && !optionsOf(command).includes(option))
        return `guardrail ${path.join(' ')} has no ${option}`;
      continue;
    }
    if (command.commands.length === 0 || PLACEHOLDER.test(word)) continue;
    const next: Command | undefined = command.commands.find((one) => one.name() === word);
    if (next === undefined) return `guardrail ${path.join(' ')} has no command ${word}`;
    command = next;
    path.push(word);
  }
  return null;
}

function missingIn(words: readonly string[], commands: readonly Command[]): readonly string[] {
  const [name, second] = words;
  const first = commands.find((one) => one.name() === name);
  const command = first?.commands.find((one) => one.name() === second) ?? first;
  const needed = command?.options.filter(
    ({ mandatory, defaultValue }) => mandatory && defaultValue === undefined,
  );
  return (needed ?? []).filter(({ long }) => !words.includes(long ?? '')).map(({ flags }) => flags);
}

function isGeneral(option: string): boolean {
  return ['--help', '--version', 'help'].includes(option);
}

function optionsOf(command: Command): readonly string[] {
  return command.options.map(({ long }) => long ?? '');
}
