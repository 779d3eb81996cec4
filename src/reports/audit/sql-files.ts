import type { Dashboard, ExportContents, ExportFile } from './export-contents.ts';

/** SQL files: each is a card, and each folder stands for a dashboard that shows all of its files. */
export function readSqlFiles(files: readonly ExportFile[]): ExportContents {
  const folders = Map.groupBy(files, ({ path }) => folderOf(path));
  return {
    form: 'sql',
    cards: new Map(
      files.map(({ path, text }) => [
        path,
        {
          id: path,
          name: path,
          collection: folderOf(path),
          query: { kind: 'sql', template: text, tags: new Map() },
          cache: null,
          inheritedCache: null,
        },
      ]),
    ),
    dashboards: [...folders].map(
      ([folder, folderFiles]): Dashboard => ({
        id: folder,
        name: folder,
        collection: null,
        cards: folderFiles.map(({ path }) => ({ cardId: path, filterValues: new Map() })),
        cache: null,
        viewsPerDay: null,
      }),
    ),
    snippets: new Map(),
    notUnderstood: [],
  };
}

function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end === -1 ? '.' : path.slice(0, end);
}
