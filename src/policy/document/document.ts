import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { yamlAdvice } from '../../foundation/text/yaml-advice.ts';
import type { SourcePosition } from '../../vocabulary/policy.ts';
import { type PolicyError, policyError } from './errors.ts';
import type { PolicyText } from './folder.ts';

const YAML_TAGS = 'tag:yaml.org,2002:';

/** The path to a value in a document, by keys and indexes. */
export type Path = readonly PropertyKey[];

/** A YAML file in which the position of every value can be found. All scalars are strings, as written. */
export interface PolicyDocument {
  readonly value: unknown;
  /** Where a value begins; if the path does not exist, where the nearest value around it begins. */
  at(path: Path): SourcePosition;
  /** The position of a mapping's key. */
  atKey(path: Path): SourcePosition;
  /**
   * The position of a character in a text, counted without leading white space: exact if the text is on one line or
   * literal, otherwise the start of the text.
   */
  atCharacter(path: Path, offset: number): SourcePosition;
}

/**
 * Reads one YAML document. Numbers and dates stay text, so that no amount ever goes through a float.
 * @returns the document, or its syntax errors
 */
export function readDocument({
  file,
  text,
}: PolicyText): PolicyDocument | { readonly errors: readonly PolicyError[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const positionAt = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    return { errors: document.errors.map((error) => syntaxError(error, positionAt(error.pos[0]))) };
  }
  const tags = tagsIn(document, text);
  if (tags.length > 0) return { errors: tags.map((offset) => tagError(positionAt(offset))) };
  const value = toJavaScript(document);
  if (value instanceof Error) {
    return {
      errors: [policyError(positionAt(0), `this is no YAML: ${value.message}`, 'expected valid YAML')],
    };
  }
  return {
    value,
    at: (path) => positionAt(startOf(nodeAt(document, path))),
    atKey: (path) => positionAt(keyOffset(document, path)),
    atCharacter: (path, offset) => positionAt(characterOffset(nodeAt(document, path), text, offset)),
  };
}

/** Aliases are resolved here: one without an anchor is an error, and so are too many of them. */
function toJavaScript(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function syntaxError(error: YAMLError, source: SourcePosition): PolicyError {
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return policyError(source, 'this key stands twice in one mapping', 'expected each key once');
    case 'MULTIPLE_DOCS': {
      const expected = 'expected one in each file, without "---" in between';
      return policyError(source, 'a second document begins here', expected);
    }
    default:
      return policyError(source, `this is no YAML: ${error.message}`, yamlAdvice(error.code));
  }
}

/**
 * Where a text loses its exclamation mark, and what follows it: `when: ! query.star` would be the opposite of what it says.
 * YAML's own tags, such as !!str, leave a text as it is.
 */
function tagsIn(document: Document, text: string): readonly number[] {
  const offsets: number[] = [];
  visit(document, {
    Node(_key, node) {
      if (!('tag' in node) || node.tag === undefined || node.tag.startsWith(YAML_TAGS)) return;
      offsets.push(Math.max(text.lastIndexOf('!', startOf(node) - 1), 0));
    },
  });
  return offsets;
}

function tagError(source: SourcePosition): PolicyError {
  return policyError(
    source,
    'YAML takes "!" for the start of a tag, and drops it',
    'put quotes around the whole of this text',
  );
}

/** The node at a path, or the deepest one on the way to it. */
function nodeAt(document: Document, path: Path): Node | null {
  let node = document.contents as Node | null;
  for (const step of path) {
    const next = isMap(node) || isSeq(node) ? (node.get(step, true) as Node | undefined) : undefined;
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

function keyOffset(document: Document, path: Path): number {
  const parent = nodeAt(document, path.slice(0, -1));
  const key = path.at(-1);
  const pair = isMap(parent)
    ? parent.items.find((item) => isScalar(item.key) && item.key.value === key)
    : null;
  return pair && isScalar(pair.key) ? startOf(pair.key) : startOf(parent);
}

function characterOffset(node: Node | null, text: string, offset: number): number {
  const start = startOf(node);
  if (!isScalar(node) || typeof node.value !== 'string') return start;
  const source = text.slice(start, node.range?.[1]);
  const indent = node.value.length - node.value.trimStart().length;
  const before = node.value.slice(0, indent + offset);
  if (node.type === 'BLOCK_LITERAL') return start + literalOffset(source, before);
  const quote = node.type === 'PLAIN' ? 0 : 1;
  return source.startsWith(node.value, quote) ? start + quote + before.length : start;
}

/** The source position of the character after `before` in a literal block, whose first line is its header. */
function literalOffset(source: string, before: string): number {
  const lines = source.split('\n');
  const body = lines.slice(1);
  const indent = Math.min(...body.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  const row = before.split('\n').length;
  const ahead = lines.slice(0, row).reduce((sum, line) => sum + line.length + 1, 0);
  return ahead + indent + (before.length - (before.lastIndexOf('\n') + 1));
}
