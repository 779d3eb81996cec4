import { appendFile, type FileHandle, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Damage, openSpool } from '../../../src/books/outage/spool.ts';
import { admitted, afterRestart, decided, drained, freshPath, leave } from './spooled.ts';

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
