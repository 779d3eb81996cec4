import { globSync, readFileSync } from 'node:fs';

/** A page of the documentation. */
export interface Page {
  /** The path from the root of the repository, such as `docs/wire.md`. */
  readonly path: string;
  readonly text: string;
}

/** Something on a page. */
interface OnPage {
  readonly page: string;
  /** Counted from 1. */
  readonly line: number;
}

/** A fenced block. */
export interface Block extends OnPage {
  /** The language named after the fence; empty if none is. */
  readonly language: string;
  readonly text: string;
  /** Whether only empty lines are between it and the previous block. */
  readonly isNext: boolean;
}

/** A link, or a span of code. */
export interface Piece extends OnPage {
  readonly text: string;
}

/** The README, the changelog, and every page below `docs`. */
export function readPages(): readonly Page[] {
  const paths = ['README.md', 'CHANGELOG.md', ...globSync('docs/**/*.md').toSorted()];
  return paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

export function blocksOf({ path, text }: Page): readonly Block[] {
  let end = 0;
  return [...text.matchAll(/^( *)```(.*)\n([\s\S]*?)^ *```$/gm)].map((match) => {
    const isNext = text.slice(end, match.index).trim() === '';
    end = match.index + match[0].length;
    return {
      page: path,
      line: lineAt(text, match.index),
      language: (match[2] ?? '').trim(),
      text: match[3] ?? '',
      isNext,
    };
  });
}

/** The targets of links and pictures. */
export function linksOf(page: Page): readonly Piece[] {
  return piecesOf(page, withoutCode(page.text), /\]\(([^()\s]+)\)/g);
}

/** The spans of code in the prose. */
export function codeOf(page: Page): readonly Piece[] {
  return piecesOf(page, withoutBlocks(page.text), /`([^`\n]+)`/g);
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf({ text }: Page): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = [...withoutBlocks(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
  return new Set(anchors);
}

function piecesOf({ path, text }: Page, searched: string, pattern: RegExp): readonly Piece[] {
  return [...searched.matchAll(pattern)].map((match) => ({
    page: path,
    line: lineAt(text, match.index),
    text: match[1] ?? '',
  }));
}

/** The text with blocks blanked out, so that everything else stays on its line. */
function withoutBlocks(text: string): string {
  return text.replaceAll(/^( *)```.*\n[\s\S]*?^ *```$/gm, blank);
}

function withoutCode(text: string): string {
  return withoutBlocks(text).replaceAll(/`[^`\n]+`/g, blank);
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
