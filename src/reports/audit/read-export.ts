import {
  type ExportContents,
  type ExportFile,
  type ExportForm,
  ExportRejected,
  exportForms,
  type NotUnderstood,
} from './export-contents.ts';
import { readApiExport } from './metabase/api.ts';
import { readSerialization } from './metabase/serialization.ts';
import { readSqlFiles } from './sql-files.ts';

/** Extensions of the files in an export, and the form that each belongs to. */
export const FORM_BY_EXTENSION: Readonly<Record<string, ExportForm>> = {
  yaml: 'serialization',
  yml: 'serialization',
  json: 'api',
  sql: 'sql',
};

const EXPECTED = `Expected one of: ${Object.values(exportForms).join('; ')}.`;

/**
 * The content of an export's files, whichever form they have.
 * @throws ExportRejected that says what was found and what was expected
 */
export function readExport(files: readonly ExportFile[], nowMs: number): ExportContents {
  const byForm = Map.groupBy(files, ({ path }) => FORM_BY_EXTENSION[extensionOf(path)]);
  const found = [...byForm.keys()].filter((form) => form !== undefined);
  const [form] = found;
  if (form === undefined)
    throw new ExportRejected(`There is no .yaml, .json or .sql file in it. ${EXPECTED}`);
  if (found.length > 1) {
    const each = found.map((one) => `${exportForms[one]}, such as ${byForm.get(one)?.[0]?.path}`);
    throw new ExportRejected(
      `It holds several forms: ${each.join('; ')}. Name a folder that holds one of them.`,
    );
  }
  const formFiles = byForm.get(form) ?? [];
  const contents = readForm(form, formFiles, nowMs);
  if (contents.cards.size === 0 && contents.notUnderstood.length === 0) throw noCardsError(form, formFiles);
  return { ...contents, notUnderstood: [...contents.notUnderstood, ...missingCards(contents)] };
}

/** Cards that a dashboard shows but the export does not hold: archived, or in a personal collection. */
function missingCards({ dashboards, cards }: ExportContents): readonly NotUnderstood[] {
  return dashboards.flatMap(({ name, cards: placed }) =>
    placed
      .filter(({ cardId }) => !cards.has(cardId))
      .map(({ cardId }) => ({
        file: `dashboard "${name}"`,
        why: `it shows card ${cardId}, which is not among the cards of the export`,
      })),
  );
}

function readForm(form: ExportForm, files: readonly ExportFile[], nowMs: number): ExportContents {
  switch (form) {
    case 'serialization':
      return readSerialization(files);
    case 'api':
      return readApiExport(files, nowMs);
    case 'sql':
      return readSqlFiles(files);
  }
}

/** The first generation of serialization, up to Metabase 45, identifies itself in a manifest. */
function noCardsError(form: ExportForm, files: readonly ExportFile[]): ExportRejected {
  const manifest = files.find(({ path }) => /(^|\/)manifest\.ya?ml$/.test(path));
  if (manifest !== undefined) {
    const version = /serialization-version:\s*(\S+)/.exec(manifest.text)?.[1] ?? 'unknown';
    return new ExportRejected(
      `It was written by Metabase's former "dump" command (${manifest.path} says serialization-version ${version}). Expected the folder that "export" writes since Metabase 46, each of whose files has "serdes/meta".`,
    );
  }
  return new ExportRejected(
    form === 'serialization'
      ? `None of its ${files.length} YAML files is a card: expected files with "serdes/meta" that ends in "model: Card", as Metabase's "export" writes them since version 46.`
      : `None of its ${files.length} JSON files holds a card: expected answers of GET /api/card or GET /api/dashboard/:id.`,
  );
}

function extensionOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).toLowerCase();
}
