import { globSync, readFileSync } from 'node:fs';

const IMPORT = /(?:from|import\(|import) *'(\.[^']+)'/g;

/** Folders of `src` that only hold others: each of those is listed. */
const GROUPS: readonly string[] = ['foundation', 'reports'];

/** The folders of `src`, each with the others at the top of `src` that its files import from, including types. */
export function importsByFolder(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const file of globSync('src/*/**/*.ts').toSorted()) {
    const folder = folderOf(file);
    const imported = found.get(folder) ?? new Set();
    found.set(folder, imported);
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const target = new URL(path, `file:///${file}`).pathname.slice(1);
      if (target.startsWith('src/') && topOf(target) !== topOf(file)) imported.add(topOf(target));
    }
  }
  return new Map([...found].map(([folder, imported]) => [folder, [...imported].toSorted()]));
}

/** `policy`, or `reports/savings`. */
function folderOf(file: string): string {
  const [, top = '', below = ''] = file.split('/');
  return GROUPS.includes(top) && !below.endsWith('.ts') ? `${top}/${below}` : top;
}

function topOf(file: string): string {
  return file.split('/')[1] ?? '';
}
