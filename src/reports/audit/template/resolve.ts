import type { Card, ExportContents, TemplateTag } from '../export-contents.ts';
import { parseTemplate, TemplateError, type TemplatePart } from './parse.ts';
import { columnSql, sqlOf, TRUE, typicalSql } from './tag-sql.ts';

/**
 * How a card's filters are set. `opened`: as Metabase runs it when it is opened, with defaults, and without the filters
 * that have none. `open`: every filter that may be empty is empty. `filtered`: every filter is on, with its default or
 * a typical value.
 */
export const filterSettings = ['opened', 'open', 'filtered'] as const;
export type FilterSetting = (typeof filterSettings)[number];

/** What a reader must know about SQL that was made from a template. */
export type TemplateNote =
  /** Metabase asks for a value before it runs the card; a typical one was used. */
  | { readonly kind: 'needs a value'; readonly tag: string }
  /** The export gives only a number for the column of a field filter, so the filter was left out. */
  | { readonly kind: 'column not named'; readonly tag: string }
  /** The value of a filter was not understood, so a typical one was used. */
  | { readonly kind: 'value not understood'; readonly tag: string };

/** The SQL that a template becomes, with the assumptions made; or what it lacks. */
export type ResolvedSql =
  | { readonly ok: true; readonly sql: string; readonly notes: readonly TemplateNote[] }
  | { readonly ok: false; readonly why: string };

interface Setting {
  readonly filters: FilterSetting;
  readonly filterValues: ReadonlyMap<string, unknown>;
  /** ISO date. */
  readonly today: string;
}

/** The SQL that the warehouse would get for a card, with its tags, snippets and references to other cards resolved. */
export function resolveCard(card: Card, contents: ExportContents, setting: Setting): ResolvedSql {
  const notes: TemplateNote[] = [];
  try {
    const sql = cardSql(card, { contents, setting, notes, insertionPath: [] });
    return { ok: true, sql, notes: distinct(notes) };
  } catch (error) {
    if (error instanceof TemplateError) return { ok: false, why: error.message };
    throw error;
  }
}

interface ResolveContext {
  readonly contents: ExportContents;
  readonly setting: Setting;
  readonly notes: TemplateNote[];
  /** Cards and snippets that are being inserted, to detect a cycle. */
  readonly insertionPath: readonly string[];
}

function cardSql(card: Card, context: ResolveContext): string {
  if (card.query.kind !== 'sql') {
    throw new TemplateError(`card "${card.name}", which it refers to, has no SQL in the export`);
  }
  const { template, tags } = card.query;
  return renderParts(parseTemplate(template), tags, enter(`card "${card.name}"`, context));
}

function renderParts(
  parts: readonly TemplatePart[],
  tags: ReadonlyMap<string, TemplateTag>,
  context: ResolveContext,
): string {
  return parts.map((part) => partSql(part, tags, context)).join('');
}

function partSql(
  part: TemplatePart,
  tags: ReadonlyMap<string, TemplateTag>,
  context: ResolveContext,
): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'tag':
      return (
        tagSql(tagNamed(part.name, tags), tags, context) ??
        sqlWithoutValue(tagNamed(part.name, tags), context)
      );
    case 'optional':
      return isKept(part.parts, tags, context) ? renderParts(part.parts, tags, context) : '';
  }
}

/** An optional clause stays if each of its tags has a value; clauses within it are decided separately. */
function isKept(
  parts: readonly TemplatePart[],
  tags: ReadonlyMap<string, TemplateTag>,
  context: ResolveContext,
): boolean {
  return parts.every(
    (part) => part.kind !== 'tag' || tagSql(tagNamed(part.name, tags), tags, context) !== null,
  );
}

/** A tag's SQL, or null if it has no value. */
function tagSql(
  tag: TemplateTag,
  tags: ReadonlyMap<string, TemplateTag>,
  context: ResolveContext,
): string | null {
  switch (tag.type) {
    case 'snippet':
      return snippetSql(tag, tags, context);
    case 'card':
      return referencedSql(tag, context);
    case 'table':
      return tableSql(tag);
    default:
      return valueSql(tag, context);
  }
}

/** A snippet is inserted unchanged; its own tags are the card's. */
function snippetSql(
  tag: TemplateTag,
  tags: ReadonlyMap<string, TemplateTag>,
  context: ResolveContext,
): string {
  const name = tag.snippetName ?? tag.name.replace(/^snippet:\s*/, '');
  const content = context.contents.snippets.get(name);
  if (content === undefined) throw new TemplateError(`snippet "${name}" is not in the export`);
  return renderParts(parseTemplate(content), tags, enter(`snippet "${name}"`, context));
}

/** Another card as a subquery. Its filters are not on this card, so they are as when it is opened on its own. */
function referencedSql(tag: TemplateTag, context: ResolveContext): string {
  const id = tag.cardId ?? /^#(\d+)/.exec(tag.name)?.[1] ?? tag.name;
  const card = context.contents.cards.get(id);
  if (card === undefined)
    throw new TemplateError(`card ${tag.name}, which it refers to, is not in the export`);
  const setting: Setting = { ...context.setting, filters: 'opened', filterValues: new Map() };
  return `(${cardSql(card, { ...context, setting })
    .trim()
    .replace(/;\s*$/, '')}\n)`;
}

function tableSql({ name, table }: TemplateTag): string {
  if (table === null) throw new TemplateError(`the table of tag {{${name}}} is not named in the export`);
  return `\`${table}\``;
}

function valueSql(tag: TemplateTag, { setting, notes }: ResolveContext): string | null {
  if (tag.type === 'dimension' && tag.column === null) {
    notes.push({ kind: 'column not named', tag: tag.name });
    return null;
  }
  const value = setting.filters === 'open' && !tag.required ? null : valueFor(tag, setting);
  if (value === null) return setting.filters === 'filtered' ? typicalSql(tag, setting.today) : null;
  const sql = sqlOf(tag, value, setting.today);
  if (sql !== null) return sql;
  notes.push({ kind: 'value not understood', tag: tag.name });
  return typicalSql(tag, setting.today);
}

/** The dashboard's value; an empty filter on it overrides the tag's default, unless the tag requires a value. */
function valueFor(tag: TemplateTag, { filterValues }: Setting): unknown {
  const value = filterValues.get(tag.name) ?? null;
  if (value !== null && !isEmpty(value)) return value;
  const isLeftEmpty = filterValues.has(tag.name) && !tag.required;
  return isLeftEmpty || isEmpty(tag.defaultValue) ? null : tag.defaultValue;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The SQL for a tag without a value outside an optional clause. For a plain variable, Metabase requires one. */
function sqlWithoutValue(tag: TemplateTag, { setting, notes }: ResolveContext): string {
  if (tag.type === 'dimension' && !tag.required) return TRUE;
  if (tag.type === 'boolean') return TRUE;
  if (tag.type === 'temporal-unit' && tag.column !== null) return columnSql(tag, tag.column);
  notes.push({ kind: 'needs a value', tag: tag.name });
  return typicalSql(tag, setting.today);
}

/**
 * A tag that the card does not describe is treated as Metabase treats a new one: as a text, or, judging by its name, a
 * card or a snippet.
 */
function tagNamed(name: string, tags: ReadonlyMap<string, TemplateTag>): TemplateTag {
  const described = tags.get(name);
  if (described !== undefined) return described;
  return {
    name,
    type: typeByName(name),
    defaultValue: null,
    required: false,
    cardId: null,
    snippetName: null,
    column: null,
    widgetType: null,
    alias: null,
    table: null,
  };
}

function typeByName(name: string): TemplateTag['type'] {
  if (name.startsWith('#')) return 'card';
  return name.startsWith('snippet:') ? 'snippet' : 'text';
}

function enter(what: string, context: ResolveContext): ResolveContext {
  if (context.insertionPath.includes(what)) throw new TemplateError(`${what} refers to itself`);
  return { ...context, insertionPath: [...context.insertionPath, what] };
}

function distinct(notes: readonly TemplateNote[]): readonly TemplateNote[] {
  return [...new Map(notes.map((note) => [`${note.kind} ${note.tag}`, note])).values()];
}
