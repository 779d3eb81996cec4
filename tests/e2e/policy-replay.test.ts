import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLedger } from '../../src/ledger/ledger.ts';
import { folderOf } from '../policy/builders.ts';
import { FIRST_MS, fill, month } from '../reports/replay/month.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { guardrail } from './command-line.ts';

const CANDIDATE = `version: 1
teams:
  - { name: atendimento, principals: ["metabase-atendimento@*"] }
pricing: { currency: USD, on_demand_per_tib: { default: "10.24" } }
rules:
  - { name: no-star, mode: deny, when: query.star, message: Name the columns. }
  - { name: fails, mode: audit, when: "query.tables[7].star" }
`;

const replay = (...args: readonly string[]) => guardrail(['policy', 'replay', ...args]);

test('policy replay replays a month, replaces its HTML page atomically, and warns of rules that fail', async () => {
  const folder = await temporaryFolder();
  const url = `sqlite:${join(folder, 'ledger.db')}`;
  const ledger = await openLedger(url);
  await fill(ledger, month);
  await ledger.close();
  const from = new Date(FIRST_MS).toISOString();
  const candidate = await folderOf({ 'a.yaml': CANDIDATE });
  const page = join(folder, 'replay.html');
  await writeFile(page, 'the page of before');
  await using before = await open(page);

  const options = ['--candidate', candidate, '--ledger', url, '--since', from, '--to', '2026-12-01'];
  const ran = await replay(...options, '--html', page);

  expect(ran).toMatchObject({ code: 0, stderr: 'warning: rule fails failed on 180 queries\n' });
  expect(ran.stdout).toMatch(
    /^Replay of 180 decisions, 2026-11-01T00:00Z to 2026-12-01T00:00Z, under policy /,
  );
  expect(ran.stdout).toMatch(/^newly refused +60 /m);
  expect(await readFile(page, 'utf8')).toContain('<h2>What changes</h2>');
  // A reader who opened the old page can still read it to the end.
  expect(await before.readFile('utf8')).toBe('the page of before');
}, 120_000);

test('policy replay says what is wrong with a missing ledger or an unreadable time', async () => {
  const noLedger = await replay('--candidate', 'policies', '--ledger', 'sqlite:/nowhere/ledger.db');
  const noTime = await replay('--candidate', 'policies', '--since', 'yesterday');

  expect(noLedger).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no ledger at') });
  expect(noTime).toMatchObject({ code: 1, stderr: expect.stringContaining('Write 30d, 4w or 12h') });
}, 60_000);
