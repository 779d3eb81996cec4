import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const lock = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        version: z.string(),
        license: z.string().optional(),
        integrity: z.string().optional(),
        resolved: z.string().optional(),
        dev: z.boolean().default(false),
        hasInstallScript: z.boolean().default(false),
      }),
    ),
  })
  .parse(JSON.parse(await readFile('package-lock.json', 'utf8')));

const packages = Object.entries(lock.packages)
  .filter(([path]) => path !== '')
  .map(([path, found]) => ({ path, name: path.slice(path.lastIndexOf('node_modules/') + 13), ...found }));
const ofProduction = packages.filter(({ dev }) => !dev);

/** Licences that only require that their text and names stay with the code. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  'MIT',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
]);

describe('an installed package', () => {
  test('is pinned by its digest in the lock file, from any registry', () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(({ integrity }) => !integrity?.startsWith('sha512-'))).toEqual([]);
    expect(packages.filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });

  test('runs no install script, except the one that fetches Node', async () => {
    const { allowScripts } = JSON.parse(await readFile('package.json', 'utf8'));

    const withScript = packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);

    expect(withScript).toEqual(['node']);
    expect(allowScripts).toEqual({ node: true });
  });

  test('of production is under a permissive licence', () => {
    const others = ofProduction.filter(({ license }) => license === undefined || !PERMISSIVE.has(license));

    expect(others.map(({ name, license }) => `${name}: ${license}`)).toEqual([]);
  });

  test('is under the licence that the lock file states', async () => {
    const installed = ofProduction.filter(({ path }) => existsSync(`${path}/package.json`));

    expect(installed.length).toBeGreaterThan(ofProduction.length / 2);
    for (const { path, license } of installed) {
      const own = JSON.parse(await readFile(`${path}/package.json`, 'utf8'));
      expect([path, own.license]).toEqual([path, license]);
    }
  });
});

const bill = z.object({
  specVersion: z.string(),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      purl: z.string(),
      hashes: z.array(z.object({ alg: z.literal('SHA-512'), content: z.string() })).min(1),
      licenses: z.array(z.unknown()).min(1),
      properties: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
    }),
  ),
});

test('the bill of materials lists each package with hash and licence, and marks those of development', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));
  const command = scripts.sbom.replace(/ > sbom\.cdx\.json$/, '');

  const { stdout } = await promisify(execFile)('sh', ['-c', command], { maxBuffer: 1 << 26 });

  const { components } = bill.parse(JSON.parse(stdout));
  const named = (of: readonly { name: string; version: string }[]) =>
    [...new Set(of.map(({ name, version }) => `${name}@${version}`))].toSorted();
  const isOfDevelopment = ({ properties }: (typeof components)[number]) =>
    properties.some(({ name }) => name === 'cdx:npm:package:development');
  expect(named(components)).toEqual(named(packages));
  expect(named(components.filter((each) => !isOfDevelopment(each)))).toEqual(named(ofProduction));
}, 60_000);
