import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { replayCandidate } from '../../../../src/commands/policy/replay/candidate.ts';
import { openLedger } from '../../../../src/ledger/ledger.ts';
import { policyFrom } from '../../../../src/policy/load.ts';
import { FIRST_MS, fill, month } from '../../../reports/replay/month.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

const CANDIDATE = `version: 1
teams:
  - { name: atendimento, principals: ["metabase-atendimento@*"] }
pricing: { currency: USD, on_demand_per_tib: { default: "10.24" } }
rules:
  - { name: fails, mode: audit, when: "query.tables[7].star" }
`;

test('whoever replays a candidate is warned of its rules that fail', async () => {
  const ledger = `sqlite:${join(await temporaryFolder(), 'ledger.db')}`;
  const filled = await openLedger(ledger);
  await fill(filled, month);
  await filled.close();
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => stderr.mockRestore());
  const texts = { files: [{ file: 'policies/a.yaml', text: CANDIDATE }], version: 'abc' };
  const toMs = Date.parse('2026-12-01T00:00:00Z');

  const report = await replayCandidate(
    { ledger },
    (options) => policyFrom('policies', texts, options),
    () => ({ fromMs: FIRST_MS, toMs, asOfMs: toMs, withBudgets: false }),
  );

  expect(report.coverage.decisions).toBe(180);
  expect(stderr.mock.calls.map(([text]) => text).join('')).toContain(
    'warning: rule fails failed on 180 queries\n',
  );
});
