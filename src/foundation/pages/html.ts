/** Markup, as opposed to text, which is escaped wherever it is put into markup. */
export interface Markup {
  readonly markup: string;
}

type Content = string | number | Markup | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A markup template: texts in it are escaped, for content and for quoted attributes alike. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return { markup: String.raw({ raw: parts }, ...contents.map(render)) };
}

/** A text in which `…` stands for code. */
export function withCode(text: string): Markup {
  const parts = text.split('`');
  return html`${parts.map((part, i) => (i % 2 === 0 ? part : html`<code>${part}</code>`))}`;
}

/** Markup that this program made in another way. */
export function trusted(markup: string): Markup {
  return { markup };
}

function render(content: Content): string {
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return content.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
  return isMarkup(content) ? content.markup : content.map(render).join('');
}

function isMarkup(content: Markup | readonly Content[]): content is Markup {
  return 'markup' in content;
}
