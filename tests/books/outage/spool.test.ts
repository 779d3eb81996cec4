import {
  appendFile,
  type FileHandle,
  open,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Entry } from '../../../src/books/entries.ts';
import { type Damage, openSpool, type Spool } from '../../../src/books/outage/spool.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { admission, settled } from '../builders.ts';

/** The path of a spool that does not exist yet. */
async function freshPath(): Promise<string> {
  const folder = await temporaryFolder();
  return join(folder, 'below', 'spool.jsonl');
}

const admitted = (id: string): Entry => ({ kind: 'admission', ...admission(id) });
const settlement = (id: string): Entry => ({ kind: 'settlement', settlement: settled(id) });
const decided = (id: string): Entry => ({ kind: 'decision', decision: admission(id).decision });

/** The spool as the next process opens it. */
async function afterRestart(path: string, spool: Spool): Promise<Spool> {
  spool.close();
  return openSpool(path);
}

/** Leaves a spool with one entry behind, as an ended process does. */
async function leave(path: string, entry: Entry): Promise<void> {
  const spool = await openSpool(path);
  await spool.append(entry);
  spool.close();
}

/** No line of these spools is damaged. */
const unharmed = ({ file }: Damage) => expect.unreachable(file);

/** Every entry that a spool hands out. */
async function drained(
  spool: Spool,
  onDamaged: (damage: Damage) => void = unharmed,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  await spool.drain(async (entry) => {
    entries.push(entry);
  }, onDamaged);
  return entries;
}

describe('a spool', () => {
  test('hands out its entries in order and unchanged, and forgets them', async () => {
    const spool = await openSpool(await freshPath());
    const entries = [admitted('a'), decided('b'), settlement('a')];
    for (const entry of entries) await spool.append(entry);
    const [size, held] = [spool.size, ['a', 'b', 'c'].map((id) => spool.holds(id))];

    const first = await drained(spool);

    expect(first).toEqual(entries);
    expect([size, held]).toEqual([3, [true, true, false]]);
    expect([spool.size, spool.holds('a')]).toEqual([0, false]);
    expect(await drained(spool)).toEqual([]);
  });

  test('keeps its entries across a restart', async () => {
    const path = await freshPath();
    const before = await openSpool(path);
    await before.append(admitted('a'));
    await before.append(settlement('a'));

    const spool = await afterRestart(path, before);

    expect(spool.size).toBe(2);
    expect(spool.holds('a')).toBe(true);
    expect(await drained(spool)).toEqual([admitted('a'), settlement('a')]);
  });

  test('is readable only by its owner, since it holds SQL', async () => {
    const path = await freshPath();
    await leave(path, admitted('a'));

    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('holds a decision until all of its entries have been handed out', async () => {
    const spool = await openSpool(await freshPath());
    await spool.append(admitted('a'));
    const held: boolean[] = [];

    await spool.drain(async ({ kind }) => {
      held.push(spool.holds('a'));
      // It arrives while the ledger catches up, and must queue behind its admission.
      if (kind === 'admission') await spool.append(settlement('a'));
    }, unharmed);

    expect(held).toEqual([true, true]);
    expect([spool.size, spool.holds('a')]).toEqual([0, false]);
  });

  test('hands everything out again after an interruption, and newer entries after that', async () => {
    const path = await freshPath();
    const spool = await openSpool(path);
    for (const id of ['a', 'b']) await spool.append(decided(id));
    const interrupted = spool.drain(async (entry) => {
      if (entry.kind === 'decision' && entry.decision.id === 'b') throw new Error('the ledger is gone');
    }, unharmed);
    await expect(interrupted).rejects.toThrow('the ledger is gone');
    await spool.append(decided('c'));

    const { size } = spool;
    const after = await afterRestart(path, spool);

    expect([size, after.size]).toEqual([3, 3]);
    expect(await drained(after)).toEqual([decided('a'), decided('b'), decided('c')]);
  });

  test('continues with the entries that a process was draining when it died', async () => {
    const path = await freshPath();
    await leave(path, decided('a'));
    await rename(path, `${path}.draining`);
    await leave(path, decided('b'));

    const spool = await openSpool(path);

    expect([spool.size, spool.holds('a'), spool.holds('b')]).toEqual([2, true, true]);
    expect(await drained(spool)).toEqual([decided('a'), decided('b')]);
  });
});

describe('a spool with a damaged line', () => {
  /** A spool of three entries, the second of which the disk has changed like this. */
  async function damaged(change: (line: string) => string): Promise<string> {
    const path = await freshPath();
    const spool = await openSpool(path);
    for (const id of ['a', 'damaged', 'c']) await spool.append(decided(id));
    spool.close();
    const lines = (await readFile(path, 'utf8')).split('\n\n');
    await writeFile(path, lines.map((line, index) => (index === 1 ? change(line) : line)).join('\n\n'));
    return path;
  }

  test.each<[string, (line: string) => string]>([
    ['another letter', (line) => `${line.slice(0, 40)}${line[40] === 'A' ? 'B' : 'A'}${line.slice(41)}`],
    ['zeros', (line) => `${line.slice(0, 40)}${'\0'.repeat(20)}${line.slice(60)}`],
    ['less', (line) => line.slice(0, 40)],
    ['no digest', (line) => line.slice(17)],
  ])('hands out the others, says so once, and keeps the file: %s', async (_what, change) => {
    const path = await damaged(change);
    const before = await readFile(path, 'utf8');
    const spool = await openSpool(path);
    const onDamaged = vi.fn<(damage: Damage) => void>();
    const waiting = spool.size;

    const entries = await drained(spool, onDamaged);

    expect([waiting, spool.size]).toEqual([3, 0]);
    expect(entries).toEqual([decided('a'), decided('c')]);
    expect(onDamaged).toHaveBeenCalledExactlyOnceWith({ lines: 1, file: expect.stringContaining(path) });
    expect(await readFile(onDamaged.mock.calls[0]?.[0].file ?? '', 'utf8')).toBe(before);
    expect(await drained(spool)).toEqual([]);
  });

  test('keeps the file even if nothing else is in it', async () => {
    const path = await freshPath();
    await leave(path, decided('a'));
    await writeFile(path, '\nnothing that can be read\n');
    const spool = await openSpool(path);
    const onDamaged = vi.fn<(damage: Damage) => void>();

    expect([spool.size, await drained(spool, onDamaged)]).toEqual([1, []]);
    expect(onDamaged).toHaveBeenCalledOnce();
  });
});

describe('a line cut off in the middle', () => {
  async function spoolWithTornLine(): Promise<string> {
    const path = await freshPath();
    const spool = await openSpool(path);
    await spool.append(decided('a'));
    await spool.append(decided('torn'));
    spool.close();
    const { size } = await stat(path);
    await truncate(path, size - 20);
    return path;
  }

  test('is skipped', async () => {
    const spool = await openSpool(await spoolWithTornLine());

    expect(spool.size).toBe(1);
    expect(await drained(spool)).toEqual([decided('a')]);
  });

  test('does not damage what is written after it', async () => {
    const path = await spoolWithTornLine();
    const spool = await openSpool(path);
    await spool.append(decided('b'));

    const after = await afterRestart(path, spool);
    expect(after.size).toBe(2);
    expect(await drained(after)).toEqual([decided('a'), decided('b')]);
  });

  test('is skipped wherever it was cut', async () => {
    const path = await freshPath();
    await leave(path, decided('a'));
    const whole = await readFile(path, 'utf8');
    for (let length = 0; length < whole.trimEnd().length; length += 7) {
      await rm(path);
      await appendFile(path, whole.slice(0, length));

      const spool = await openSpool(path);
      spool.close();
      expect(spool.size).toBe(0);
    }
  });
});

describe('a disk that fails to confirm an entry', () => {
  /** The prototype of all open files. */
  async function fileHandles(): Promise<FileHandle> {
    const file = await open(tmpdir(), 'r');
    onTestFinished(() => file.close());
    return Object.getPrototypeOf(file);
  }

  test('causes the entry to be removed, since its caller was told that it failed', async () => {
    const path = await freshPath();
    const spool = await openSpool(path);
    await spool.append(decided('a'));
    const sync = vi.spyOn(await fileHandles(), 'datasync').mockRejectedValueOnce(new Error('EIO'));
    onTestFinished(() => sync.mockRestore());

    await expect(spool.append(admitted('b'))).rejects.toThrow('EIO');
    await spool.append(decided('c'));

    expect([spool.size, spool.holds('b')]).toEqual([2, false]);
    const after = await afterRestart(path, spool);
    expect(after.size).toBe(2);
    expect(await drained(after)).toEqual([decided('a'), decided('c')]);
    expect(after.size).toBe(0);
  });

  test('and to remove it again leaves all entries to be handed out, and later ones too', async () => {
    const spool = await openSpool(await freshPath());
    const handles = await fileHandles();
    const sync = vi.spyOn(handles, 'datasync').mockRejectedValueOnce(new Error('EIO'));
    const cut = vi.spyOn(handles, 'truncate').mockRejectedValueOnce(new Error('EIO again'));
    onTestFinished(() => {
      sync.mockRestore();
      cut.mockRestore();
    });

    await expect(spool.append(decided('a'))).rejects.toThrow('EIO');
    await spool.append(decided('b'));
    await drained(spool);
    await spool.append(decided('c'));

    expect([spool.size, spool.holds('c')]).toEqual([1, true]);
    expect(await drained(spool)).toEqual([decided('c')]);
  });
});
