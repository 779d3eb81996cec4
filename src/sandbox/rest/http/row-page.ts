import type { Row } from '../../warehouse.ts';
import type { JsonObject } from './json.ts';

/**
 * BigQuery limits a page of rows to 10 MB of JSON, whatever `maxResults` says; so does the sandbox.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query#queryrequest
 */
export const DEFAULT_MAX_PAGE_BYTES = 10 * 1000 * 1000;

/** Rows are read this many at a time, so that a page is never in memory as a whole. */
const SLICE_ROWS = 500;
/** Pieces of about this many characters go to the socket. */
const PIECE_CHARACTERS = 64 * 1024;

/** One page of rows, with the JSON object around it. */
export interface RowPage {
  readonly startIndex: number;
  readonly totalRows: number;
  /** Null: as many as the page's limit in bytes allows. */
  readonly maxResults: number | null;
  readonly maxBytes: number;
  slice(startIndex: number, count: number): readonly Row[] | Promise<readonly Row[]>;
  /** The members before the rows. */
  readonly head: JsonObject;
  /** The members after the rows; it gets the start of the next page, or null after the last. */
  tail(nextIndex: number | null): JsonObject;
}

/** How rows are placed in the object around them. */
const LAYOUTS = {
  compact: { indent: 0, end: '}', open: ',"rows":[', between: ',', close: ']', after: '' },
  pretty: {
    indent: 2,
    end: '\n}',
    open: ',\n  "rows": [\n    ',
    between: ',\n    ',
    close: '\n  ]',
    after: '\n',
  },
} as const;

/** The page's JSON, piece by piece. A page holds at least one row if one is asked for and exists. */
export async function* rowPageJson(page: RowPage, pretty: boolean): AsyncGenerator<string> {
  const layout = LAYOUTS[pretty ? 'pretty' : 'compact'];
  const end = Math.min(page.totalRows, page.startIndex + (page.maxResults ?? page.totalRows));
  let next = page.startIndex;
  let piece = JSON.stringify(page.head, null, layout.indent).slice(0, -layout.end.length);
  for await (const row of limited(rows(page, end), page.maxBytes, pretty)) {
    piece += (next === page.startIndex ? layout.open : layout.between) + row;
    next += 1;
    if (piece.length >= PIECE_CHARACTERS) {
      yield piece;
      piece = '';
    }
  }
  if (next > page.startIndex) piece += layout.close;
  const tail = JSON.stringify(page.tail(next < page.totalRows ? next : null), null, layout.indent);
  yield piece + (tail === '{}' ? layout.end : `,${tail.slice(1)}`) + layout.after;
}

async function* rows(page: RowPage, end: number): AsyncGenerator<Row> {
  for (let start = page.startIndex; start < end; start += SLICE_ROWS) {
    const count = Math.min(SLICE_ROWS, end - start);
    const slice = await page.slice(start, count);
    yield* slice;
    // The table shrank while it was read: every row that exists has been sent.
    if (slice.length < count) return;
  }
}

/** Rows as JSON, until the next one would exceed the limit in bytes. */
async function* limited(
  source: AsyncIterable<Row>,
  maxBytes: number,
  pretty: boolean,
): AsyncGenerator<string> {
  let bytes = 0;
  for await (const row of source) {
    const text = rowJson(row, pretty);
    const size = Buffer.byteLength(text);
    if (bytes > 0 && bytes + size > maxBytes) return;
    bytes += size;
    yield text;
  }
}

function rowJson(row: Row, pretty: boolean): string {
  // Line feeds inside JSON strings are escaped, so the remaining ones are indentation.
  return pretty ? JSON.stringify(row, null, 2).replaceAll('\n', '\n    ') : JSON.stringify(row);
}
