import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { PolicyRejected } from '../../src/policy/document/errors.ts';
import { startGuardrail } from '../../src/service/guardrail.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { eventually, settings, useHouse } from './guardrail.ts';

const house = useHouse();
const RUNAWAY = 'SELECT * FROM atendimento.messages LIMIT 1';

/** The policies that the metrics say are in force, of which there is one. */
async function versionInMetrics(): Promise<readonly string[]> {
  const metrics = await (await fetch(`${house.guardrail().opsUrl}/metrics`)).text();
  return [...metrics.matchAll(/^guardrail_policy_info\{version="(\w+)"\} 1$/gm)].map(
    ([, version = '']) => version,
  );
}

test('guardrail does not start with broken policy files, and reports all their errors at once', async () => {
  const folder = await temporaryFolder();
  await writeFile(
    join(folder, 'broken.yaml'),
    'version: 1\nteams:\n  - name: a\n    principles: [x@example.com]\nbudgets:\n  - name: b\n    team: nobody\n    window: fortnight\n    limit: 20 gigs\n',
  );

  const started = startGuardrail(
    settings({
      upstream: house.sandbox().url,
      policies: folder,
      ledger: `sqlite:${join(folder, 'ledger.db')}`,
    }),
    pino({ level: 'silent' }),
  );

  const error: unknown = await started.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PolicyRejected);
  const { message } = error as PolicyRejected;
  expect(message).toMatch(/broken\.yaml:4:5: .*principles.*principals/);
  expect(message).toMatch(/broken\.yaml:8:13: .*fortnight/);
  expect(message).toMatch(/broken\.yaml:9:12: .*20 gigs/);
});

test('an edited policy applies at once; a broken edit keeps the previous one, and is reported until it is fixed', async () => {
  const file = join(house.policies(), 'atendimento.yaml');
  const original = await readFile(file, 'utf8');
  await expect(house.client().query(RUNAWAY)).rejects.toThrow('no-star-over-messages');
  const first = await versionInMetrics();
  expect(first).toEqual([(await house.ops('/readyz')).policy.version]);

  await writeFile(file, original.replace('mode: deny', 'mode: warn'));
  await eventually(async () => expect((await house.client().query(RUNAWAY))[0]).toHaveLength(1));

  const edited = await versionInMetrics();
  expect(edited).toHaveLength(1);
  expect(edited).not.toEqual(first);

  await writeFile(file, original.replace('mode: deny', 'mode: dney'));
  await eventually(async () => expect(await house.metric('guardrail_policy_rejected')).toBe(1));
  const ready = await fetch(`${house.guardrail().opsUrl}/readyz`);
  const detail = (await ready.json()) as { policy: { rejectedEdit: string[] } };
  expect(ready.status).toBe(200);
  expect(await versionInMetrics()).toEqual(edited);
  expect(detail.policy.rejectedEdit).toEqual([expect.stringMatching(/atendimento\.yaml:\d+:\d+: .*dney/)]);
  expect((await house.client().query(RUNAWAY))[0]).toHaveLength(1);

  await writeFile(file, original);
  await eventually(async () => expect(await house.metric('guardrail_policy_rejected')).toBe(0));
  await expect(house.client().query(RUNAWAY)).rejects.toThrow('no-star-over-messages');
  expect((await house.ops('/readyz')).policy.rejectedEdit).toBeNull();
});
