import { appendFile, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { eventually, useHouse } from '../guardrail.ts';
import { ask, readiness } from './asking.ts';

/** A policy that refuses stars, with a reason that names the release. */
const release = (reason: string) => `version: 1
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
rules:
  - { name: costs, mode: warn, when: "query.bytes_billed > 0", message: "it costs" }
  - { name: no-star, mode: deny, when: "query.star", message: "no star, says ${reason}" }
`;

const house = useHouse({ sandbox: { messages: 3_000 }, policies: { 'rules.yaml': release('one') } });
const file = () => join(house.policies(), 'rules.yaml');

/** The message with which a star is refused. */
async function refusal(): Promise<string> {
  const { status, body } = await ask(house.guardrail(), 'SELECT * FROM atendimento.agents');
  expect(status).toBe(403);
  return body.error.message;
}

async function expectInForce(reason: string): Promise<void> {
  await eventually(async () => expect(await refusal()).toContain(`no star, says ${reason}`), 20_000);
  await eventually(async () =>
    expect((await readiness(house.guardrail())).body.policy.rejectedEdit).toBeNull(),
  );
  expect(await house.metric('guardrail_policy_rejected')).toBe(0);
}

/** The previous policy stays in force, the process stays ready, and operators see what is wrong. */
async function expectKept(reason: string, problem: RegExp): Promise<void> {
  await eventually(async () => {
    const { status, body } = await readiness(house.guardrail());
    expect(body.policy.rejectedEdit).toEqual([expect.stringMatching(problem)]);
    expect(status).toBe(200);
  }, 20_000);
  expect(await house.metric('guardrail_policy_rejected')).toBe(1);
  expect(await refusal()).toContain(`no star, says ${reason}`);
}

describe('a policy file', () => {
  test('written bit by bit takes effect once it is complete, never while half written', async () => {
    const version = async () => (await readiness(house.guardrail())).body.policy.version;
    const before = await version();

    // Takes longer than the folder must be unchanged before it is read.
    await truncate(file());
    for (const character of release('two').padEnd(400, '#')) {
      await appendFile(file(), character);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }

    expect(await version()).toBe(before);
    expect(await house.metric('guardrail_policy_reloads_total', { outcome: 'rejected' })).toBeNull();
    await expectInForce('two');
    expect(await house.metric('guardrail_policy_reloads_total', { outcome: 'taken' })).toBe(1);
    expect(await house.metric('guardrail_policy_info', { version: before })).toBeNull();
    expect(await house.metric('guardrail_policy_info', { version: await version() })).toBe(1);
  });

  test.each([
    ['a link to nowhere', () => symlink('/nowhere/rules.yaml', file()), /cannot be read: ENOENT/],
    ['a folder', () => mkdir(file()), /cannot be read: rules.yaml is not a file/],
    ['a link to itself', () => symlink(file(), file()), /cannot be read: ELOOP/],
  ])('replaced by %s leaves the previous policy in force until it is back', async (_what, put, problem) => {
    await rm(file());
    await put();

    await expectKept('two', problem);

    await rm(file(), { recursive: true });
    await writeFile(file(), release('two'));
    await expectInForce('two');
  });
});

describe('a folder of policies', () => {
  test.each([
    ['is empty', () => rm(file()), /holds no policy file/],
    ['is gone', () => rename(house.policies(), `${house.policies()}-away`), /cannot be read: ENOENT/],
  ])(
    'that %s leaves the previous policy in force until it holds files again',
    async (_what, take, problem) => {
      await take();

      await expectKept('two', problem);

      await rm(`${house.policies()}-away`, { recursive: true, force: true });
      await mkdir(house.policies(), { recursive: true });
      await writeFile(file(), release('three'));
      await expectInForce('three');
      await writeFile(file(), release('two'));
      await expectInForce('two');
    },
  );
});

describe('a mounted ConfigMap', () => {
  const at = (...names: string[]) => join(house.policies(), ...names);

  /** As the kubelet does it: the new files are written next to the old, then one link replaces the other. */
  async function swap(name: string, files: Readonly<Record<string, string>>): Promise<void> {
    await mkdir(at(name));
    for (const [file, text] of Object.entries(files)) await writeFile(at(name, file), text);
    await symlink(name, at('..data_tmp'));
    await rename(at('..data_tmp'), at('..data'));
  }

  beforeAll(async () => {
    await swap('..2026_11_27', { 'rules.yaml': release('two') });
    await symlink('..data/rules.yaml', at('rules.yaml.link'));
    await rename(at('rules.yaml.link'), file());
  });

  test('takes effect as a whole when its link is swapped, and not at all if the new release is invalid', async () => {
    expect(await readFile(file(), 'utf8')).toBe(release('two'));
    await expectInForce('two');

    await swap('..2026_11_28', { 'rules.yaml': release('four') });
    await expectInForce('four');
    await rm(at('..2026_11_27'), { recursive: true });

    await swap('..2026_11_29', { 'rules.yaml': release('five').replace('deny', 'dney') });
    await expectKept('four', /rules\.yaml:5:\d+: .*dney/);
    await rm(at('..2026_11_28'), { recursive: true });

    // The file's link now leads nowhere, since the new release does not have that file.
    await swap('..2026_11_30', { 'other.yaml': release('six') });
    await expectKept('four', /cannot be read: ENOENT/);

    await swap('..2026_12_01', { 'rules.yaml': release('seven') });
    await expectInForce('seven');
  });
});
