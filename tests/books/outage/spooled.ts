import { join } from 'node:path';
import { expect } from 'vitest';
import type { Entry } from '../../../src/books/entries.ts';
import { type Damage, openSpool, type Spool } from '../../../src/books/outage/spool.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { admission } from '../builders.ts';

/** The path of a spool that does not exist yet. */
export async function freshPath(): Promise<string> {
  const folder = await temporaryFolder();
  return join(folder, 'below', 'spool.jsonl');
}

export const admitted = (id: string): Entry => ({ kind: 'admission', ...admission(id) });

export const decided = (id: string): Entry => ({ kind: 'decision', decision: admission(id).decision });

/** The spool as the next process opens it. */
export async function afterRestart(path: string, spool: Spool): Promise<Spool> {
  spool.close();
  return openSpool(path);
}

/** Leaves a spool with one entry behind, as an ended process does. */
export async function leave(path: string, entry: Entry): Promise<void> {
  const spool = await openSpool(path);
  await spool.append(entry);
  spool.close();
}

/** No line of these spools is damaged. */
export const unharmed = ({ file }: Damage) => expect.unreachable(file);

/** Every entry that a spool hands out. */
export async function drained(
  spool: Spool,
  onDamaged: (damage: Damage) => void = unharmed,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  await spool.drain(async (entry) => {
    entries.push(entry);
  }, onDamaged);
  return entries;
}
