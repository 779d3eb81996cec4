import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const PAGE = 'docs/failure-modes.md';
/** The folder of tests that the page names without one. */
const HERE = 'tests/e2e/faults/';

/** Each test that the page names: its file, and the titles that follow. */
async function named(): Promise<readonly (readonly [string, readonly string[]])[]> {
  const page = await readFile(PAGE, 'utf8');
  const lastCells = page
    .split('\n')
    .flatMap((line) => (/^\| (?!-|Fault|Step)/.test(line) ? line.split(' | ').slice(-1) : []));
  return lastCells.flatMap((cell) =>
    [...cell.matchAll(/`([\w./-]+\.test\.ts)`((?: \*[^*]+\*,?)*)/g)].map(([, file = '', names = '']) => {
      const path = file.includes('/') ? file : `${HERE}${file}`;
      return [path, [...names.matchAll(/\*([^*]+)\*/g)].map(([, name = '']) => name)] as const;
    }),
  );
}

test('every test that docs/failure-modes.md names exists', async () => {
  const tests = await named();

  const missing: string[] = [];
  for (const [path, names] of tests) {
    const source = await readFile(path, 'utf8');
    missing.push(...names.filter((name) => !source.includes(name)).map((name) => `${path}: ${name}`));
  }
  expect(missing).toEqual([]);
  expect(tests.length).toBeGreaterThan(40);
});

test('every alert that docs/failure-modes.md names is in the runbook', async () => {
  const [page, runbook] = [await readFile(PAGE, 'utf8'), await readFile('docs/runbook.md', 'utf8')];

  const alerts = [...page.matchAll(/\[(\w+)\]\(runbook\.md#(\w+)\)/g)];
  expect(alerts.length).toBeGreaterThan(5);
  for (const [, alert = '', anchor = ''] of alerts) {
    expect(anchor).toBe(alert.toLowerCase());
    expect(runbook).toContain(`\n## ${alert}\n`);
  }
});

test('every metric that docs/failure-modes.md names exists', async () => {
  const [page, metrics] = [await readFile(PAGE, 'utf8'), await readFile('docs/metrics.md', 'utf8')];

  const names = [...page.matchAll(/`(guardrail_\w+)/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(metrics).toContain(`| \`${name}\` |`);
});
