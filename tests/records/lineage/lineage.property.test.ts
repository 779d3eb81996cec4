import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import type { LineageTarget, SendOutcome } from '../../../src/records/lineage/target.ts';
import { emptyLedgerUrl } from '../../ledger/ledgers.ts';
import { enterDecision, enterSettlement, lineageOf, shortly } from './builders.ts';

/** What happens next: queries that run, a seal, a round of telling by one of two replicas, or a restart of one. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant('runs' as const),
    count: fc.integer({ min: 1, max: 5 }),
    late: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('seal' as const) }),
  fc.record({ kind: fc.constant('tell' as const), by: fc.integer({ min: 0, max: 1 }) }),
  fc.record({ kind: fc.constant('restart' as const), which: fc.integer({ min: 0, max: 1 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What the target does with an event: takes it, does not, or takes it and breaks off before it says so. */
const answer = fc.constantFrom<'takes' | 'fails' | 'breaks off'>('takes', 'fails', 'breaks off');
type Answer = typeof answer extends fc.Arbitrary<infer T> ? T : never;

/** Numbers of the runs of all cases, which share one ledger. */
let runs = 0;

function targetOf(answers: readonly Answer[]) {
  const script = [...answers];
  const received: string[] = [];
  const take = (line: string): SendOutcome => {
    const next = script.shift() ?? 'takes';
    if (next !== 'fails') received.push(shortly(JSON.parse(line)));
    return next === 'takes' ? { outcome: 'sent' } : { outcome: 'failed', problem: next, retryAfterMs: 0 };
  };
  const target: LineageTarget = {
    name: `from run ${runs}`,
    atOnce: 3,
    async send(lines) {
      const sent: SendOutcome[] = [];
      for (const line of lines) {
        sent.push(take(line));
        if (sent.at(-1)?.outcome === 'failed') break;
      }
      return sent;
    },
  };
  return { target, received };
}

/** Late: settled, and sealed as such, before the decision is recorded. */
async function enterRun(ledger: Ledger, late: boolean): Promise<void> {
  const n = runs;
  runs += 1;
  if (!late) await enterDecision(ledger, n);
  await enterSettlement(ledger, n);
  if (!late) return;
  await sealNow(ledger);
  await enterDecision(ledger, n);
}

async function live(ledger: Ledger, target: LineageTarget, steps: readonly Step[]): Promise<void> {
  const replica = () => lineageOf(ledger, { target });
  const replicas = [replica(), replica()];
  await replicas[0]?.deliverDue();
  for (const one of steps) {
    if (one.kind === 'seal') await sealNow(ledger);
    if (one.kind === 'tell') await replicas[one.by]?.deliverDue();
    if (one.kind === 'restart') replicas[one.which] = replica();
    if (one.kind === 'runs') for (let i = 0; i < one.count; i += 1) await enterRun(ledger, one.late);
  }
}

test('whatever fails and restarts, each run is sent, its start before its end, and twice only after a failure', async () => {
  const url = await emptyLedgerUrl();
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 20 }),
      fc.array(answer, { maxLength: 12 }),
      async (steps, answers) => {
        const ledger = await openLedger(url);
        const { target, received } = targetOf(answers);
        const first = runs;

        await live(ledger, target, steps);
        await sealNow(ledger);
        const last = lineageOf(ledger, { target });
        for (let i = 0; i <= answers.length; i += 1) await last.deliverDue();
        await ledger.close();

        for (let n = first; n < runs; n += 1) {
          expect(received).toContain(`START ${n}`);
          expect(received.indexOf(`START ${n}`)).toBeLessThan(received.indexOf(`COMPLETE ${n}`));
        }
        const failures = answers.filter((one) => one !== 'takes').length;
        if (failures === 0) expect(received).toHaveLength(2 * (runs - first));
        // Those that were told at the same time as one that failed are told with it again.
        expect(received.length - 2 * (runs - first)).toBeLessThanOrEqual(failures * 2 * target.atOnce);
        runs += 1;
      },
    ),
    { numRuns: 40 },
  );
}, 120_000);
