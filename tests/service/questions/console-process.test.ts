import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts';
import { enterDecisions, enterSettlements } from '../../../src/records/enter.ts';
import { createConsoleProcesses } from '../../../src/service/questions/console-process.ts';
import { withoutNode } from '../../foundation/children/without-node.ts';
import { sqliteUrl } from '../../ledger/ledgers.ts';
import { decision, settlement } from '../../records/builders.ts';

const atMs = decision().atMs;

async function asking(url: string, silence?: { readonly lookupsMs: number; readonly sumsMs: number }) {
  const ledger = await openLedger(url);
  const processes = await createConsoleProcesses(url, ledger, silence);
  onTestFinished(async () => {
    await processes.close();
    await ledger.close();
  });
  await enter(ledger, 'a');
  return { ledger, processes, asks: processes.questions };
}

/** The console's processes that this process has started. */
function consoleProcesses(): readonly number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'console-process-main'], {
    encoding: 'utf8',
  });
  return stdout.split('\n').filter(Boolean).map(Number);
}

async function enter(ledger: Ledger, id: string): Promise<void> {
  await ledger.write((db) => enterDecisions(db, [decision({ id, outcome: 'refused' })]));
}

function settled(decisionId: string) {
  return { settlement: settlement({ decisionId }), version: 1n, admittedAtMs: atMs, tariff: null };
}

describe('a question of the console', () => {
  test('is answered from committed records, including those from after its process started', async () => {
    const { ledger, asks } = await asking(await sqliteUrl());

    const before = await asks.decisions({ limit: 10 });
    await enter(ledger, 'b');
    const after = await asks.decisions({ limit: 10 });

    expect(before.decisions).toEqual([{ ...decision({ id: 'a', outcome: 'refused' }), settlement: null }]);
    expect(after.decisions.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  test('is answered with its types intact: amounts are bigint, and maps are maps', async () => {
    const { asks } = await asking(await sqliteUrl());

    const [use] = await asks.ruleUses({ fromMs: atMs - 1, toMs: atMs + 1 });

    expect(use).toMatchObject({ bytesBilled: 1000n, costMicros: new Map([['USD', 60n]]) });
  });

  test('about spend is answered with null instead of more rows than were asked for', async () => {
    const { ledger, asks } = await asking(await sqliteUrl());
    await ledger.write(async (db) => {
      await enterDecisions(db, [decision({ id: 'b', caller: { ...decision().caller, team: 'finops' } })]);
      await enterSettlements(db, ['a', 'b'].map(settled));
    });
    const query = { by: ['team'] as const, fromMs: atMs - 1, toMs: atMs + 1 };

    expect(await asks.spend({ ...query, maxRows: 1 })).toBeNull();
    expect(await asks.spend({ ...query, maxRows: 2 })).toHaveLength(2);
  });

  test('is answered with a chart, drawn in the language of the page', async () => {
    // In a process of its own, loading what draws takes long on a busy machine.
    const { asks } = await asking('sqlite::memory:');

    const svg = await asks.columns({
      id: 'days',
      language: 'pt-BR',
      names: ['1'],
      unit: 'BRL',
      parts: [[5_500_000n]],
    });

    expect(svg).toMatch(/^<svg .*R\$\s\d,00/);
  });

  test('that cannot be answered fails with the reason, without affecting others', async () => {
    const { asks } = await asking(await sqliteUrl());

    const [wrong, right] = await Promise.allSettled([
      asks.month({ month: '2026-11', timeZone: 'Mars/Olympus', nowMs: atMs }),
      asks.spendByTeam({ fromMs: atMs - 1, toMs: atMs + 1 }),
    ]);

    expect(wrong).toMatchObject({ status: 'rejected', reason: { kind: 'failed' } });
    expect(String(wrong.status === 'rejected' && wrong.reason)).toContain('Invalid time zone');
    expect(right).toEqual({ status: 'fulfilled', value: [] });
  });

  test('fails instead of hanging once guardrail stops', async () => {
    const { processes, asks } = await asking(await sqliteUrl());
    const question = asks.decisions({ limit: 1 });
    const failed = expect(question).rejects.toThrow('guardrail stops');

    await processes.close();

    await failed;
    await expect(asks.decisions({ limit: 1 })).rejects.toThrow('guardrail stops');
  });

  test.each(['said', 'thrown'] as const)(
    'fails with the reason if no process can start, with the error %s, and is answered once one can',
    async (how) => {
      const { asks } = await asking(await sqliteUrl());
      const restore = withoutNode(how);

      const failed = await Promise.allSettled([asks.decisions({ limit: 1 }), asks.decisions({ limit: 1 })]);
      restore();

      for (const one of failed) {
        expect(String(one.status === 'rejected' && one.reason)).toContain('could not start: ');
      }
      expect((await asks.decisions({ limit: 1 })).decisions).toHaveLength(1);
    },
  );

  test('fails while the ledger cannot be opened, and the next one is answered once it can', async () => {
    const url = await sqliteUrl();
    const { ledger, asks } = await asking(url);
    const path = url.slice('sqlite:'.length);
    await rename(path, `${path}.away`);

    const failed = await Promise.allSettled([asks.decisions({ limit: 1 })]);
    await rename(`${path}.away`, path);

    expect(failed).toMatchObject([{ status: 'rejected', reason: { kind: 'failed' } }]);
    expect((await asks.decisions({ limit: 10 })).decisions).toHaveLength(1);
    await enter(ledger, 'b');
    expect((await asks.decisions({ limit: 10 })).decisions).toHaveLength(2);
  });

  test('fails if its process hangs, and is answered by another one', async () => {
    const { asks } = await asking(await sqliteUrl(), { lookupsMs: 10_000, sumsMs: 10_000 });
    // Where other work keeps a new process from answering in time, it is ended as well.
    const answer = () => vi.waitFor(() => asks.decisions({ limit: 10 }), { timeout: 60_000 });
    await answer();
    const [hung = 0] = consoleProcesses();
    process.kill(hung, 'SIGSTOP');

    const failed = await Promise.allSettled([asks.decisions({ limit: 1 }), asks.decisions({ limit: 1 })]);
    const answered = await answer();

    for (const one of failed) {
      expect(String(one.status === 'rejected' && one.reason)).toContain(
        'said nothing for 10 s, and was ended',
      );
    }
    expect(answered.decisions).toHaveLength(1);
    expect(consoleProcesses()).not.toContain(hung);
  }, 150_000);

  test('may take longer than a process may be silent, as long as the process is not stuck', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const url = `postgres://127.0.0.1:${port}/ledger?connect_timeout=12`;
    const limits = { lookupsMs: 10_000, sumsMs: 10_000 };
    const { questions, close } = await createConsoleProcesses(
      url,
      await openLedger('sqlite::memory:'),
      limits,
    );
    onTestFinished(close);

    // Where other work keeps a new process from starting in time, it is ended, and the next one is asked.
    await vi.waitFor(
      async () => {
        const failed = await Promise.allSettled([questions.spendByTeam({ fromMs: 0, toMs: 1 })]);
        expect(failed).toMatchObject([{ reason: { message: expect.not.stringContaining('said nothing') } }]);
      },
      { timeout: 60_000 },
    );
  }, 90_000);

  test('of a ledger in memory is answered in the same process', async () => {
    const { asks } = await asking('sqlite::memory:');

    expect((await asks.decisions({ limit: 10 })).decisions.map(({ id }) => id)).toEqual(['a']);
  });
});
