/**
 * The content of an export: its dashboards and their cards, as far as an audit needs them. Identifiers are the export's
 * own.
 */
export interface ExportContents {
  readonly form: ExportForm;
  readonly dashboards: readonly Dashboard[];
  readonly cards: ReadonlyMap<string, Card>;
  /** SQL of snippets, by name. */
  readonly snippets: ReadonlyMap<string, string>;
  /** What is in the export and could not be understood; nothing is dropped silently. */
  readonly notUnderstood: readonly NotUnderstood[];
}

/** The forms that can be read, with their names in the report. */
export const exportForms = {
  serialization: 'Metabase serialization (YAML)',
  api: 'Metabase API (JSON)',
  sql: 'SQL files',
} as const;
export type ExportForm = keyof typeof exportForms;

/** One file of an export. */
export interface ExportFile {
  /** Relative to the export's folder, with `/` between its parts. */
  readonly path: string;
  readonly text: string;
}

/** A file of the export that could not be read; the rest is audited all the same. */
export interface NotUnderstood {
  readonly file: string;
  readonly why: string;
}

/** A saved question, which several dashboards may show, each with its own filters. */
export interface Card {
  readonly id: string;
  readonly name: string;
  readonly collection: string | null;
  readonly query: CardQuery;
  /** How long its results are cached; null if the export does not say. */
  readonly cache: CachePolicy | null;
  /** The policy of its database, or else of all of Metabase: it holds if neither the card nor its dashboard has one. */
  readonly inheritedCache: CachePolicy | null;
}

/** `none` if the export holds no query, as for text boxes. */
export type CardQuery =
  | { readonly kind: 'sql'; readonly template: string; readonly tags: ReadonlyMap<string, TemplateTag> }
  /** Made in Metabase's query builder: there is no SQL in the export. */
  | { readonly kind: 'query builder'; readonly sources: readonly string[] }
  | { readonly kind: 'none' };

/** A placeholder in a card's SQL. @see https://www.metabase.com/docs/latest/questions/native-editor/sql-parameters */
export interface TemplateTag {
  readonly name: string;
  /** `text`, `number`, `date`, `boolean`, `dimension` (a field filter), `temporal-unit`, `card`, `snippet`, `table`. */
  readonly type: string;
  /** Null if it has none. */
  readonly defaultValue: unknown;
  readonly required: boolean;
  /** The card that a `card` tag stands for. */
  readonly cardId: string | null;
  readonly snippetName: string | null;
  /** The column of a field filter or time grouping; null if the export only gives its number. */
  readonly column: MetabaseColumn | null;
  readonly widgetType: string | null;
  /** The column's name in the SQL, if its author set one. */
  readonly alias: string | null;
  /** `dataset.table` of a `table` tag. */
  readonly table: string | null;
}

/** A column that a filter is mapped to. */
export interface MetabaseColumn {
  /** `dataset.table`. */
  readonly table: string;
  readonly name: string;
  /** Metabase's name for its type, `type/Date`; null if the export does not say. */
  readonly baseType: string | null;
}

export interface Dashboard {
  readonly id: string;
  readonly name: string;
  readonly collection: string | null;
  readonly cards: readonly PlacedCard[];
  readonly cache: CachePolicy | null;
  /**
   * How often it has been opened per day since it was created, days off included; null if the export does not say.
   */
  readonly viewsPerDay: number | null;
}

/** A card in its place on a dashboard. */
export interface PlacedCard {
  readonly cardId: string;
  /**
   * By tag: the value of the dashboard's own filter when the dashboard is opened; null if that filter is empty then.
   */
  readonly filterValues: ReadonlyMap<string, unknown>;
}

/** How long results are used before the warehouse is asked again. */
export type CachePolicy =
  | { readonly kind: 'none' }
  | { readonly kind: 'for'; readonly ms: number; readonly refreshesItself: boolean }
  /** By a schedule or as a multiple of the query's duration: counted as no caching. */
  | { readonly kind: 'not counted'; readonly policy: string };

/** The export is not in a form that can be read: what was found, and what was expected. */
export class ExportRejected extends Error {
  override readonly name = 'ExportRejected';
}
