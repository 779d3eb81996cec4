import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { blocksOf, readPages } from '../../docs/pages.ts';
import { commandsIn, isShell } from '../../docs/shell.ts';
import { decisionEntry, enter, settlementEntry, verified } from '../../records/journal/journal-builders.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { postgresServer } from '../ledgers.ts';
import { databaseName, databaseOf, onServer } from '../on-server.ts';

const server = postgresServer();

/** What the operators' guide says to type, in its order. */
const commands = readPages()
  .filter(({ path }) => path === 'docs/operating.md')
  .flatMap(blocksOf)
  .filter(isShell)
  .flatMap(commandsIn)
  .map(({ text }) => text)
  .filter((text) => /^(PGOPTIONS=\S+ )?(pg_dump|pg_restore|psql) /.test(text));

/** The address of a new and empty database, gone after the test. */
async function emptyDatabase(): Promise<string> {
  const name = databaseName('backup');
  await onServer(server, `create database ${name}`);
  onTestFinished(() => onServer(server, `drop database ${name} with (force)`));
  return databaseOf(server, name);
}

async function openAt(url: string): Promise<Ledger> {
  const ledger = await openLedger(`${url}?pool=4`);
  onTestFinished(() => ledger.close());
  return ledger;
}

test('a ledger dumped and restored by the operators’ guide has the same seals and goes on', async () => {
  const [from, to] = [await emptyDatabase(), await emptyDatabase()];
  const folder = await temporaryFolder();
  const running = await openAt(from);
  await enter(running, decisionEntry('before'), settlementEntry('before'));
  await sealNow(running);
  const { head } = await verified(running);

  for (const command of commands) {
    const own = command.replaceAll('postgres://…/DATABASE', from).replaceAll('postgres://…/RESTORED', to);
    await promisify(execFile)('bash', ['-c', own], { cwd: folder });
    // Whatever comes after the dump is not in it.
    await enter(running, decisionEntry(`after ${command}`));
  }

  const restored = await openAt(to);
  expect(await verified(restored, new Map(head === null ? [] : [[head.seal, head.hash]]))).toMatchObject({
    all: [],
    head,
    entries: 2,
  });
  await enter(restored, decisionEntry('gone on'), settlementEntry('gone on'));
  await sealNow(restored);
  expect(await verified(restored)).toMatchObject({ all: [], entries: 4 });
  expect(commands).toHaveLength(3);
});
