import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { importsByFolder } from './folders.ts';
import { blocksOf } from './pages.ts';

const page = { path: 'docs/architecture.md', text: readFileSync('docs/architecture.md', 'utf8') };
const pictures = blocksOf(page).filter(({ language }) => language === 'mermaid');
const rows = [...page.text.matchAll(/^\| `([a-z/]+)` \| .* \| ?(.*?) ?\|$/gm)];

describe('docs/architecture.md', () => {
  test('has diagrams whose folders and files exist in src', () => {
    const named = pictures.flatMap(({ text }) => [
      ...text.matchAll(/(?<![<\w/])[a-z-]+(?:\/[a-z-]+)*(?:\/|\.ts)(?![\w>])/g),
    ]);

    expect(named.length).toBeGreaterThan(14);
    expect(named.map(([path]) => path).filter((path) => !existsSync(`src/${path}`))).toEqual([]);
  });

  test('names the steps of src/proxy/guard.ts, each a file in src/proxy/steps', () => {
    const guard = readFileSync('src/proxy/guard.ts', 'utf8');
    const steps = [...(pictures[0]?.text.matchAll(/^ {2}(\w+)\["\1: /gm) ?? [])].map(([, step]) => step);

    expect(steps).toEqual([
      'identify',
      'read',
      'estimate',
      'decide',
      'reserve',
      'forward',
      'settle',
      'record',
    ]);
    expect(steps.filter((step) => !existsSync(`src/proxy/steps/${step}.ts`))).toEqual([]);
    expect(steps.filter((step) => !guard.includes(`${step}(`))).toEqual([]);
  });

  test('lists for each folder of src which others it imports', () => {
    const listed = Object.fromEntries(rows.map(([, folder, imports]) => [folder, imports]));
    const real = [...importsByFolder()].map(([folder, imports]) => [
      folder,
      folder === 'commands' ? 'all of them' : imports.join(', '),
    ]);

    expect(listed).toEqual(Object.fromEntries(real));
  });
});
