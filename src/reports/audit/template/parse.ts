/**
 * A part of a card's SQL: text, a `{{tag}}`, or an optional clause `[[…]]`, which stays only if its tags have values.
 */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tag'; readonly name: string }
  | { readonly kind: 'optional'; readonly parts: readonly TemplatePart[] };

/** The template is malformed, so Metabase would not run it either. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** The syntax of a template: comments, in which tags mean nothing; tags; optional clauses. */
const TOKEN = /--[^\n]*|\/\*[\s\S]*?\*\/|\{\{(?!\{)|\}\}|\[\[|\]\]/g;

/**
 * The parts of a card's SQL. Tags in comments are text. A tag in a string is still a tag, as in Metabase.
 * @throws TemplateError if a bracket is not closed, or a tag has no name
 * @see https://www.metabase.com/docs/latest/questions/native-editor/sql-parameters
 */
export function parseTemplate(sql: string): readonly TemplatePart[] {
  const stack: TemplatePart[][] = [[]];
  let position = 0;
  const add = (part: TemplatePart) => stack.at(-1)?.push(part);
  const addText = (until: number) => {
    if (until > position) add({ kind: 'text', text: sql.slice(position, until) });
  };
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(sql); token !== null; token = TOKEN.exec(sql)) {
    const [text] = token;
    const after = token.index + text.length;
    if (text === '[[') {
      addText(token.index);
      stack.push([]);
    } else if (text === ']]' && stack.length > 1) {
      addText(token.index);
      add({ kind: 'optional', parts: checkOptional(stack.pop() ?? []) });
    } else if (text === '{{') {
      addText(token.index);
      const end = sql.indexOf('}}', after);
      add({ kind: 'tag', name: tagName(sql.slice(after, end === -1 ? sql.length : end), end !== -1) });
      position = end + 2;
      TOKEN.lastIndex = position;
      continue;
    } else {
      continue;
    }
    position = after;
  }
  addText(sql.length);
  if (stack.length > 1) throw new TemplateError('an optional clause [[ is not closed by ]]');
  return stack[0] ?? [];
}

function tagName(text: string, closed: boolean): string {
  if (!closed) throw new TemplateError('a tag {{ is not closed by }}');
  const name = text.trim();
  if (name === '') throw new TemplateError('a tag {{}} has no name');
  return name;
}

function checkOptional(parts: readonly TemplatePart[]): readonly TemplatePart[] {
  if (!parts.some(({ kind }) => kind !== 'text')) {
    throw new TemplateError('an optional clause [[…]] holds no {{tag}}');
  }
  return parts;
}
