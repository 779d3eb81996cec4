import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLedger } from '../../../../src/ledger/ledger.ts';
import { guardrail } from '../../../e2e/command-line.ts';
import { sqliteUrl } from '../../../ledger/ledgers.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

const candidate = (files: string, budgets: string) => `version: 1
time_zone: ${files}
teams:
  - { name: atendimento, principals: ["metabase-atendimento@*"] }
budgets:
  - { name: day, team: atendimento, window: day, limit: 1 GiB, time_zone: ${budgets} }
pricing: { currency: USD, on_demand_per_tib: { default: "10.24" } }
`;

test.each([
  { files: 'UTC', budgets: 'America/Sao_Paulo', of: 'exchange rates' },
  { files: 'America/Sao_Paulo', budgets: 'UTC', of: 'rules' },
])('a date means that it has begun for rules and for exchange rates, here last for $of', async (zones) => {
  const ledger = await sqliteUrl();
  await (await openLedger(ledger)).close();
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.yaml'), candidate(zones.files, zones.budgets));

  const { stdout } = await guardrail(
    `policy replay --candidate ${folder} --as-of 2026-12-01 --format json --ledger ${ledger}`.split(' '),
  );

  expect(JSON.parse(stdout)).toMatchObject({ asOf: '2026-12-01T03:00:00.000Z' });
});
