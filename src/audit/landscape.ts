/** What an export holds: its dashboards and their cards, as far as an audit asks. Identifiers are the export's own. */
export interface Landscape {
  readonly form: ExportForm;
  readonly dashboards: readonly Dashboard[];
  readonly cards: ReadonlyMap<string, Card>;
  /** SQL of snippets, by name. */
  readonly snippets: ReadonlyMap<string, string>;
  /** What stands in the export and could not be understood; nothing is dropped without a word. */
  readonly notUnderstood: readonly NotUnderstood[];
}

/** Forms that are read, and what the report calls each. */
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

/** A file of the export that nothing was read from; the rest is audited all the same. */
export interface NotUnderstood {
  readonly file: string;
  readonly why: string;
}

/** A saved question, which several dashboards may show, each with filters of its own. */
export interface Card {
  readonly id: string;
  readonly name: string;
  readonly collection: string | null;
  readonly query: CardQuery;
  /** How long its results are kept; null where the export says nothing. */
  readonly cache: CachePolicy | null;
}

/** `none` where the export holds no query, as of text boxes. */
export type CardQuery =
  | { readonly kind: 'sql'; readonly template: string; readonly tags: ReadonlyMap<string, TemplateTag> }
  /** Made in Metabase's query builder: there is no SQL in the export. */
  | { readonly kind: 'query builder'; readonly sources: readonly string[] }
  | { readonly kind: 'none' };

/** A placeholder of a card's SQL. @see https://www.metabase.com/docs/latest/questions/native-editor/sql-parameters */
export interface TemplateTag {
  readonly name: string;
  /** `text`, `number`, `date`, `boolean`, `dimension` (a field filter), `temporal-unit`, `card`, `snippet`, `table`. */
  readonly type: string;
  /** Null where it has none. */
  readonly defaultValue: unknown;
  readonly required: boolean;
  /** The card that a `card` tag stands for. */
  readonly cardId: string | null;
  readonly snippetName: string | null;
  /** The column of a field filter or time grouping; null where the export only numbers it. */
  readonly column: MetabaseColumn | null;
  readonly widgetType: string | null;
  /** What the SQL calls the column, where its author said so. */
  readonly alias: string | null;
  /** `dataset.table` of a `table` tag. */
  readonly table: string | null;
}

/** A column that a filter is mapped to. */
export interface MetabaseColumn {
  /** `dataset.table`. */
  readonly table: string;
  readonly name: string;
  /** Metabase's name of its type, `type/Date`; null where the export does not say. */
  readonly baseType: string | null;
}

export interface Dashboard {
  readonly id: string;
  readonly name: string;
  readonly collection: string | null;
  readonly cards: readonly PlacedCard[];
  readonly cache: CachePolicy | null;
  /** How often it was opened a day since it was made; null where the export does not say. */
  readonly viewsPerDay: number | null;
}

/** A card as it stands on a dashboard. */
export interface PlacedCard {
  readonly cardId: string;
  /** By tag: what the dashboard's own filter puts in when it is opened; null where that filter is empty then. */
  readonly given: ReadonlyMap<string, unknown>;
}

/** How long results serve before the warehouse is asked again. */
export type CachePolicy =
  | { readonly kind: 'none' }
  | { readonly kind: 'for'; readonly ms: number; readonly refreshesItself: boolean }
  /** By a schedule or as a multiple of the query's duration: counted as none. */
  | { readonly kind: 'not counted'; readonly policy: string };

/** The export is not of a form that can be read: what was found, and what was expected. */
export class ExportRejected extends Error {
  override readonly name = 'ExportRejected';
}
