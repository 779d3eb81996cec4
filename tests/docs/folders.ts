import { globSync, readFileSync } from 'node:fs';

const IMPORT = /(?:from|import\(|import) *'(\.[^']+)'/g;

/** The folders of `src`, each with the other folders that its files import from, including types. */
export function importsByFolder(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const file of globSync('src/*/**/*.ts').toSorted()) {
    const folder = folderOf(file);
    const imported = found.get(folder) ?? new Set();
    found.set(folder, imported);
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const target = new URL(path, `file:///${file}`).pathname.slice(1);
      if (target.startsWith('src/') && folderOf(target) !== folder) imported.add(folderOf(target));
    }
  }
  return new Map([...found].map(([folder, imported]) => [folder, [...imported].toSorted()]));
}

function folderOf(file: string): string {
  return file.split('/')[1] ?? '';
}
