import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { TOKEN, useGrantingHouse, VIEWER } from './granting-house.ts';

const { house, refusal, give } = useGrantingHouse();

describe('the command guardrail grant', () => {
  const runAs = (token: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, ['src/main.ts', ...args], {
      env: { PATH: process.env['PATH'], GUARDRAIL_OPERATOR_TOKEN: token },
    });
  const run = (...args: string[]) => runAs(TOKEN, ...args);
  const grant = (...args: string[]) => run('grant', ...args, '--ops', house.guardrail().opsUrl);

  test('gives, lists and revokes a grant, and the records stay intact', async () => {
    expect(await refusal('cli')).toBeNull();
    expect(await refusal('cli')).not.toBeNull();

    const given = await grant('give', 'cli-day', '10 MiB', '--to', 'Bia', '--reason', 'month end');
    const passed = await refusal('cli');
    const [id = ''] = /[0-9a-f-]{36}/.exec(given.stdout) ?? [];
    const listed = await grant('list');
    const toViewers = await runAs(VIEWER, 'grant', 'list', '--ops', house.guardrail().opsUrl);
    const revoked = await grant('revoke', id);
    const verified = await run('records', 'verify', '--ledger', house.ledger(), '--format', 'json');

    expect(given.stdout).toMatch(
      /^Granted: \S+ {2}10 MiB on cli-day to Bia, until \S+, by ana: month end\n$/,
    );
    expect(passed).toBeNull();
    expect(listed.stdout).toContain(id);
    expect(toViewers.stdout).toMatch(new RegExp(`${id} .* by \\S+$`, 'm'));
    expect(revoked.stdout).toContain(`Revoked: ${id}`);
    expect(await refusal('cli')).toContain('cli-day: 0 B of 15 MiB;');
    expect(JSON.parse(verified.stdout)).toMatchObject({ intact: true, findings: [] });
  });

  test('lists names and reasons without what would move the cursor of a terminal', async () => {
    await give({ budget: 'persons-day', account: 'a\x1b[1A', to: 'Bia\x1b[2J', reason: '\x1b[31mmonth end' });

    const { stdout } = await grant('list');

    expect(stdout).toContain('Bia�[2J');
    expect(stdout).not.toContain('\x1b');
  });

  test.each(['0', 'abc', '2209', '1e300'])(
    'refuses --hours %s, and says how many there may be',
    async (hours) => {
      const wrong = grant(
        'give',
        'cli-day',
        '10 MiB',
        '--to',
        'Bia',
        '--reason',
        'month end',
        '--hours',
        hours,
      );

      await expect(wrong).rejects.toMatchObject({ stderr: expect.stringContaining('up to 2208') });
    },
  );

  test('reports a refused grant in one line', async () => {
    const wrong = grant('give', 'nope', '10 MiB', '--to', 'Bia', '--reason', 'month end');

    await expect(wrong).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^.*refused: there is no budget nope; there are api-day.*\n$/),
    });
  });
});
