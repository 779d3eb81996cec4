import type { Block } from './pages.ts';

/** One command of a block that a reader would type. */
export interface ShellCommand {
  readonly page: string;
  /** Counted from 1. */
  readonly line: number;
  /** All its lines, as in the block. */
  readonly text: string;
}

/** The languages of blocks with commands. */
const SHELL = /^(sh|bash|console)\b/;

export function isShell({ language }: Block): boolean {
  return SHELL.test(language);
}

/** The commands of a block, in order, without comments. */
export function commandsIn(block: Block): readonly ShellCommand[] {
  const commands: ShellCommand[] = [];
  let open: string[] = [];
  for (const [index, line] of block.text.replace(/\n$/, '').split('\n').entries()) {
    if (open.length === 0 && (line.trim() === '' || line.trim().startsWith('#'))) continue;
    open.push(line);
    const text = open.join('\n');
    if (goesOn(text)) continue;
    commands.push({ page: block.page, line: block.line + 1 + index - open.length + 1, text });
    open = [];
  }
  if (open.length > 0) throw new Error(`${block.page}:${block.line}: a command that does not end`);
  return commands;
}

/** Whether a command continues: it ends in a backslash, an open quote, or a here-document without its end. */
function goesOn(text: string): boolean {
  if (text.endsWith('\\')) return true;
  const [, end] = /<<-?'?(\w+)'?/.exec(text) ?? [];
  if (end !== undefined) return !new RegExp(`^${end}$`, 'm').test(text);
  return isQuoteOpen(text);
}

function isQuoteOpen(text: string): boolean {
  let quote = '';
  for (let i = 0; i < text.length; i += 1) {
    const sign = text.charAt(i);
    if (quote === '' && sign === '#' && /^\s?$/.test(text.charAt(i - 1))) i = endOfLine(text, i);
    else if (sign === '\\' && quote !== "'") i += 1;
    else if (quote === '' && (sign === "'" || sign === '"')) quote = sign;
    else if (sign === quote) quote = '';
  }
  return quote !== '';
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
