import type { Dashboard, ExportFile, Landscape } from './landscape.ts';

/** SQL files: each is a card, and each folder stands for a dashboard that shows all of its files. */
export function landscapeOfSqlFiles(files: readonly ExportFile[]): Landscape {
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
        },
      ]),
    ),
    dashboards: [...folders].map(
      ([folder, within]): Dashboard => ({
        id: folder,
        name: folder,
        collection: null,
        cards: within.map(({ path }) => ({ cardId: path, given: new Map() })),
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
