import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { PolicyRejected } from '../../src/policy/document/errors.ts';
import { type PolicyWatch, watchPolicy } from '../../src/policy/watch.ts';
import { folderOf, PRICING } from './builders.ts';

const QUICK = { debounceMs: 20, compareMs: 200 };
const BUDGET = 'budgets:\n  - { name: b, team: unassigned, window: day, limit: LIMIT }\n';

const open: PolicyWatch[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** Waits longer than a busy machine needs; an edit is mostly noticed within milliseconds. */
function soon(expectation: () => void): Promise<void> {
  return vi.waitFor(expectation, { timeout: 4_000 });
}

function file(limit: string): string {
  return `version: 1\n${PRICING}${BUDGET.replace('LIMIT', limit)}`;
}

async function watched(folder: string, timing = QUICK) {
  const events = { onReload: vi.fn(), onRejected: vi.fn(), onRuleError: vi.fn(), onError: vi.fn() };
  const watch = await watchPolicy(folder, events, timing);
  open.push(watch);
  const limit = () => watch.current().budgets[0]?.limit;
  return { watch, events, limit };
}

const bytes = (count: bigint) => ({ measure: 'bytes', bytes: count });

describe('a watched policy folder', () => {
  test('that is invalid at the start throws all its errors', async () => {
    const folder = await folderOf({ 'a.yaml': 'version: 2\n', 'b.yaml': 'version: 3\n' });
    const start = watched(folder);
    await expect(start).rejects.toBeInstanceOf(PolicyRejected);
    await expect(start).rejects.toMatchObject({ errors: { length: 3 } });
  });

  test('takes over an edit, without changing a policy that is in use', async () => {
    const folder = await folderOf({ 'a.yaml': file('1 B') });
    const { watch, events, limit } = await watched(folder);
    const before = watch.current();
    await writeFile(join(folder, 'a.yaml'), file('2 B'));
    await soon(() => expect(limit()).toEqual(bytes(2n)));
    expect(events.onReload).toHaveBeenCalledExactlyOnceWith(watch.current());
    expect(before.budgets[0]?.limit).toEqual(bytes(1n));
    expect(watch.current().version).not.toBe(before.version);
  });

  test('takes over a new file, and the removal of a file', async () => {
    const folder = await folderOf({ 'a.yaml': `version: 1\n${PRICING}` });
    const { limit } = await watched(folder);
    await writeFile(join(folder, 'b.yaml'), `version: 1\n${BUDGET.replace('LIMIT', '3 B')}`);
    await soon(() => expect(limit()).toEqual(bytes(3n)));
    await rm(join(folder, 'b.yaml'));
    await soon(() => expect(limit()).toBeUndefined());
  });

  test('keeps its policy after an invalid edit and reports the errors, until the edit is fixed', async () => {
    const folder = await folderOf({ 'a.yaml': file('1 B') });
    const { watch, events, limit } = await watched(folder);
    await writeFile(join(folder, 'a.yaml'), file('1 Gig'));
    await soon(() => expect(watch.rejected()).toHaveLength(1));
    expect(String(watch.rejected()?.[0])).toMatch(/a\.yaml:9:\d+: "limit" is "1 Gig"; expected bytes/);
    expect(events.onRejected).toHaveBeenCalledExactlyOnceWith(watch.rejected());
    expect(limit()).toEqual(bytes(1n));
    await writeFile(join(folder, 'a.yaml'), file('4 B'));
    await soon(() => expect(limit()).toEqual(bytes(4n)));
    expect(watch.rejected()).toBeNull();
    expect(events.onReload).toHaveBeenCalledOnce();
  });

  test('reports a reload when an invalid edit is undone', async () => {
    const folder = await folderOf({ 'a.yaml': file('1 B') });
    const { watch, events } = await watched(folder);
    await writeFile(join(folder, 'a.yaml'), 'version: [');
    await soon(() => expect(watch.rejected()).not.toBeNull());
    await writeFile(join(folder, 'a.yaml'), file('1 B'));
    await soon(() => expect(watch.rejected()).toBeNull());
    expect(events.onReload).toHaveBeenCalledOnce();
  });

  test.each([
    ['reloads', 'onReload', file('2 B')],
    ['rejected edits', 'onRejected', file('2 Gig')],
  ] as const)('goes on if the listener for %s throws', async (_what, event, edit) => {
    const folder = await folderOf({ 'a.yaml': file('1 B') });
    const { events, limit } = await watched(folder);
    const broken = new Error('the log is full');
    events[event].mockImplementationOnce(() => {
      throw broken;
    });

    await writeFile(join(folder, 'a.yaml'), edit);
    await soon(() => expect(events.onError).toHaveBeenCalledExactlyOnceWith(broken));
    await writeFile(join(folder, 'a.yaml'), file('3 B'));

    await soon(() => expect(limit()).toEqual(bytes(3n)));
    expect(events.onError).toHaveBeenCalledOnce();
  });

  test('reports no reload once it is closed', async () => {
    const folder = await folderOf({ 'a.yaml': file('1 B') });
    const { watch, events } = await watched(folder);
    await watch.close();
    await writeFile(join(folder, 'a.yaml'), file('2 B'));
    await new Promise((resolve) => setTimeout(resolve, 3 * QUICK.compareMs));
    expect(events.onReload).not.toHaveBeenCalled();
  });
});
