import { describe, expect, onTestFinished, test } from 'vitest';
import { dayAt, startOfDay } from '../../../src/foundation/calendar/days.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { guardrail } from '../../e2e/command-line.ts';
import { sqliteUrl } from '../../ledger/ledgers.ts';
import { enter } from '../../records/journal/entries.ts';

const DAY_MS = 86_400_000;

/** The address of a ledger with a query of each of some days before today. */
async function ledgerOf(...daysAgo: readonly number[]): Promise<string> {
  const url = await sqliteUrl();
  const ledger = await openLedger(url);
  for (const days of daysAgo) {
    await enter(ledger, { decision: { id: `${days} days ago`, at_ms: BigInt(Date.now() - days * DAY_MS) } });
  }
  await ledger.close();
  return url;
}

const prune = (url: string, ...flags: readonly string[]) =>
  guardrail(['records', 'prune', '--keep', '30 days', '--ledger', url, ...flags]);

describe('guardrail records prune', { timeout: 60_000 }, () => {
  test('deletes records that are old by a clock that the newest record confirms', async () => {
    const { code, stdout } = await prune(await ledgerOf(40, 1));

    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 decisions and 1 settlements of 1 days were pruned/m);
  });

  test('deletes nothing if the newest record is so old that the clock may be ahead, unless told that it is not', async () => {
    const url = await ledgerOf(40, 9);

    const refused = await prune(url);
    const counted = await prune(url, '--idle', '--dry-run');

    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('Nothing was pruned: the newest record is of ');
    expect(counted.stdout).toMatch(/^1 decisions and 1 settlements of 1 days before .* would be given up/m);
  });

  test.each([
    { flags: [], zone: 'America/Sao_Paulo', of: 'reports, which the policy files say' },
    { flags: ['--time-zone', 'America/Los_Angeles'], zone: 'America/Los_Angeles', of: '--time-zone' },
  ])('keeps sums under the dates of $of', async ({ flags, zone }) => {
    const url = await ledgerOf(1);
    const ledger = await openLedger(url);
    onTestFinished(() => ledger.close());
    const atMs = startOfDay(dayAt(Date.now() - 40 * DAY_MS, 'UTC').day, zone) - 1;
    await enter(ledger, { decision: { id: 'last of its day', at_ms: BigInt(atMs) } });

    await prune(url, ...flags);

    const sums = await ledger.read.selectFrom('spend_by_day').select('day').execute();
    expect(sums).toEqual([{ day: dayAt(atMs, zone).day }]);
  });

  test('without policy files to say under whose dates it keeps sums, names the option that says so, and deletes nothing', async () => {
    const url = await ledgerOf(40, 1);
    const withoutPolicies = (...flags: readonly string[]) =>
      guardrail(['records', 'prune', '--keep', '30 days', '--ledger', url, ...flags], {
        GUARDRAIL_POLICIES: '/nowhere',
      });

    const refused = await withoutPolicies();
    const counted = await withoutPolicies('--dry-run');
    const pruned = await withoutPolicies('--time-zone', 'America/Sao_Paulo');

    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('--time-zone');
    expect(counted.stdout).toMatch(/^1 decisions and 1 settlements of 1 days before .* would be given up/m);
    expect(pruned.stdout).toMatch(/^1 decisions and 1 settlements of 1 days were pruned/m);
  });
});
