import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { errorsIn, errorsOf, folderOf, PRICING, TEAMS } from './builders.ts';

describe('a folder of policy files', () => {
  test('is read whichever file holds which section, ignoring hidden and other files', async () => {
    const folder = await folderOf({
      'b.YML': `version: 1\n${TEAMS}`,
      'a.yaml': `version: 1\n${PRICING}`,
      'notes.md': 'no policy',
      '.hidden.yaml': 'no: policy',
    });
    const policy = await loadPolicy(folder);
    expect(policy.teamOf('METABASE@x.example').title).toBe('Atendimento');
    expect(policy.version).toMatch(/^[0-9a-f]{12}$/);
  });

  test('has a new version after every edit', async () => {
    const folder = await folderOf({ 'a.yaml': `version: 1\n${PRICING}` });
    const before = (await loadPolicy(folder)).version;
    await writeFile(join(folder, 'a.yaml'), `version: 1\n${PRICING}# edited\n`);
    expect((await loadPolicy(folder)).version).not.toBe(before);
  });

  test('without any policy file is an error', async () => {
    await expect(loadPolicy(await folderOf({}))).rejects.toThrow('holds no policy file');
  });

  test('that does not exist is an error', async () => {
    await expect(loadPolicy('/nowhere/at/all')).rejects.toThrow(
      /all cannot be read: .*; expected .* in it; GUARDRAIL_POLICIES, or policies in guardrail.yaml, names the folder/,
    );
  });

  test('is rejected if a file is not in UTF-8, since names in it would be misread', async () => {
    const folder = await folderOf({ 'a.yaml': `version: 1\n${PRICING}` });
    const latin1 = Buffer.from('version: 1\n# José\n', 'latin1');
    await writeFile(join(folder, 'b.yaml'), latin1);
    await expect(loadPolicy(folder)).rejects.toThrow('b.yaml is not in UTF-8');
  });

  test('may have a byte order mark in a file, which does not shift the places of errors', async () => {
    const folder = await folderOf({ 'a.yaml': `\uFEFFversoin: 1\n${PRICING}` });
    await expect(loadPolicy(folder)).rejects.toThrow('a.yaml:1:1: "versoin" is not known here');
  });

  test('is rejected with all its errors at once, sorted by place, with what to do', async () => {
    const folder = await folderOf({
      'b.yaml': 'version: 2\n',
      'a.yaml': `version: 1\nteams:\n  - name: Upper\n    principals: [a@b]\n${PRICING}rules:\n  - name: r\n`,
    });
    await expect(loadPolicy(folder)).rejects.toThrow(
      /have 3 errors:\n.*a\.yaml:3:11: .*\n.*a\.yaml:12:5: .*\n.*b\.yaml:1:10: .*\nFix the files/,
    );
  });
});

describe('the error of a policy file names its place and what was expected:', () => {
  test.each([
    [
      'a file without a version',
      'teams: []\n',
      'policies/a.yaml:1:1: "version" is missing; expected "version: 1"',
    ],
    ['an empty file', '# nothing\n', 'policies/a.yaml:1:1: the file is empty; expected a mapping'],
    [
      'an unknown section',
      'version: 1\nbudget: []\n',
      'policies/a.yaml:2:1: "budget" is not known here; expected one of version, time_zone, inexact_reserve, teams, budgets, rules, exemptions, catalog, pricing, webhooks, records; did you mean "budgets"?',
    ],
    [
      'an unknown key',
      'version: 1\nteams:\n  - name: x\n    langauge: en\n    principals: [a@b]\n',
      'policies/a.yaml:4:5: "langauge" is not known here; expected one of name, title, language, contact, principals, estimate; did you mean "language"?',
    ],
    [
      'the same key twice',
      'version: 1\nteams: []\nteams: []\n',
      'policies/a.yaml:3:1: this key stands twice in one mapping; expected each key once',
    ],
    [
      'a second document, whose rules would be ignored',
      'version: 1\n---\nversion: 1\n',
      'policies/a.yaml:2:1: a second document begins here; expected one in each file, without "---" in between',
    ],
    [
      'a date so late that its end cannot be computed',
      `version: 1\nexemptions:\n  - { rule: r, team: finops, owner: a, reason: b, until: "+275760-09-13" }\nrules:\n  - { name: r, mode: audit, when: query.star }\n`,
      'policies/a.yaml:3:58: "until" is "+275760-09-13"; expected a date such as 2026-11-01',
    ],
    [
      'a missing key',
      'version: 1\nteams:\n  - name: x\n',
      'policies/a.yaml:3:5: "principals" is missing; expected a list of principals',
    ],
    [
      'a list instead of a string',
      'version: 1\nteams:\n  - name: x\n    title: [y]\n    principals: [a@b]\n',
      'policies/a.yaml:4:12: "title" is a list; expected a title',
    ],
    [
      'an unsupported language',
      'version: 1\nteams:\n  - name: x\n    language: pt\n    principals: [a@b]\n',
      'policies/a.yaml:4:15: "language" is "pt"; expected one of en, pt-BR',
    ],
    [
      'a mode that does not exist',
      'version: 1\nrules:\n  - { name: r, mode: dney, when: query.star, message: m }\n',
      'policies/a.yaml:3:22: "mode" is "dney"; expected one of audit, warn, deny; did you mean "deny"?',
    ],
    [
      'a limit with an unknown unit',
      'version: 1\nbudgets:\n  - { name: b, team: finops, window: day, limit: 20 GIB }\n',
      'policies/a.yaml:3:50: "limit" is "20 GIB"; expected bytes such as 20 GiB, with a unit of B, KB, MB, GB, TB, PB, KiB, MiB, GiB, TiB, PiB; money such as 150 BRL or 25.50 USD; 40 slot-hours; 500 queries; or 4 at once, one at the least',
    ],
    [
      'a time zone that does not exist',
      'version: 1\nbudgets:\n  - { name: b, team: finops, window: day, limit: 1 B, time_zone: America/Sampa }\n',
      'policies/a.yaml:3:66: "time_zone" is "America/Sampa"; expected an IANA time zone such as America/Sao_Paulo or UTC',
    ],
    [
      'a budget for an unknown team',
      'version: 1\nbudgets:\n  - { name: b, team: finop, window: day, limit: 1 B }\n',
      'policies/a.yaml:3:22: there is no team finop; expected one of atendimento, finops, unassigned; did you mean "finops"?',
    ],
    [
      'a rule for an unknown team',
      'version: 1\nrules:\n  - { name: r, teams: [finops, sales], maximum_bytes_billed: 1 B }\n',
      'policies/a.yaml:3:32: there is no team sales; expected one of atendimento, finops, unassigned',
    ],
    [
      'the same team twice',
      'version: 1\nteams:\n  - { name: x, principals: [a@b] }\n  - { name: x, principals: [c@d] }\n',
      'policies/a.yaml:4:13: team x stands twice, the first time at policies/a.yaml:3; expected it once',
    ],
    [
      'the same principal in two teams, ignoring case',
      'version: 1\nteams:\n  - { name: x, principals: [a@b] }\n  - { name: y, principals: [c@d, A@B] }\n',
      'policies/a.yaml:4:34: principal a@b stands twice, the first time at policies/a.yaml:3; expected it once',
    ],
    [
      'the same table twice',
      'version: 1\ncatalog:\n  tables:\n    - table: p.d.t\n    - table: p.d.t\n',
      'policies/a.yaml:5:14: table p.d.t stands twice, the first time at policies/a.yaml:4; expected it once',
    ],
    [
      'a table without a project',
      'version: 1\ncatalog:\n  tables:\n    - table: messages\n',
      'policies/a.yaml:4:14: "table" is "messages"; expected a table such as project.dataset.table, or project.dataset.prefix* with the star at its end',
    ],
    [
      'a rule that does nothing',
      'version: 1\nrules:\n  - name: r\n',
      'policies/a.yaml:3:5: rule r does nothing; expected "mode", "maximum_bytes_billed" or both',
    ],
    [
      'a rule that refuses without a message',
      'version: 1\nrules:\n  - { name: r, mode: deny, when: query.star }\n',
      'policies/a.yaml:3:5: rule r tells people nothing; expected "message": what is wrong and what to do',
    ],
    [
      'a message in an unsupported language',
      'version: 1\nrules:\n  - { name: r, mode: deny, when: query.star, message: { en: a, pt: b } }\n',
      'policies/a.yaml:3:64: "pt" is not known here; expected one of en, pt-BR',
    ],
  ])('%s', (_, text, error) => {
    expect(errorsIn(text)).toEqual([error]);
  });

  test('invalid YAML', () => {
    expect(errorsIn('version: 1\nteams: [\n')).toEqual([
      expect.stringMatching(/^policies\/a\.yaml:3:1: this is no YAML: .*; indent .* and close every bracket/),
    ]);
  });

  test('a key that is indented deeper than the one before, with what to do', () => {
    const [error] = errorsIn('version: 1\ntime_zone: UTC\n  language: en\n');
    expect(error).toContain('policies/a.yaml:2:12: this is no YAML: ');
    expect(error).toContain('; indent keys that belong together alike');
  });

  test.each([
    [
      'an item whose keys are not below each other',
      'teams:\n  - name: a\n   title: b\n',
      'indent keys that belong',
    ],
    [
      'a backslash in double quotes',
      'time_zone: "\\d"\n',
      'use single quotes around a text with backslashes',
    ],
    ['a text that begins with an asterisk', 'time_zone: * x\n', 'put quotes around the whole of a text'],
    [
      'a text with quotes around a part of it',
      "time_zone: 'a' + b\n",
      'put quotes around the whole of a text',
    ],
  ])('%s, with what to do', (_what, text, advice) => {
    expect(errorsIn(`version: 1\n${text}`)[0]).toContain(`; ${advice}`);
  });

  test.each([
    ['a condition that is negated', 'when: ! query.star', 11],
    ['a condition that is negated, without a space', 'when: !query.star', 11],
    ['a condition that begins with a negated part', 'when: !(query.star) && query.star', 11],
    ['a condition in quotes after it', 'when: ! "query.star"', 11],
  ])('an exclamation mark that YAML leaves out of %s', (_what, line, column) => {
    const rule = `  - name: r\n    mode: deny\n    ${line}\n    message: no\n`;
    expect(errorsIn(`version: 1\nrules:\n${rule}`)).toEqual([
      `policies/a.yaml:5:${column}: YAML takes "!" for the start of a tag, and drops it; put quotes around the whole of this text`,
    ]);
  });

  test('an exclamation mark that YAML leaves out of a message or a list', () => {
    expect(errorsIn('version: 1\nteams:\n  - name: x\n    principals: [! a@x.example]\n')).toEqual([
      expect.stringContaining('policies/a.yaml:4:18: YAML takes "!" for the start of a tag'),
    ]);
  });

  test('YAML aliases that are undefined or expand too far', () => {
    const [error] = errorsIn('version: 1\nteams: *nowhere\n');
    expect(error).toMatch(/^policies\/a\.yaml:\d+:\d+: this is no YAML: /);
    const levels = Array.from({ length: 12 }, (_, level) => {
      const inner =
        level === 0
          ? 'x'
          : Array(9)
              .fill(`*l${level - 1}`)
              .join(', ');
      return `  - &l${level} [${inner}]\n`;
    });
    expect(errorsIn(`version: 1\nteams:\n${levels.join('')}`)[0]).toContain('this is no YAML: ');
  });
});

describe('one error does not cause others:', () => {
  test('a team with errors can still be referred to', () => {
    const text =
      'version: 1\nteams:\n  - name: x\nbudgets:\n  - { name: b, team: x, window: day, limit: 1 B }\n';
    expect(errorsIn(text)).toHaveLength(1);
  });

  test('a team that a file of invalid YAML may define is not reported as missing', () => {
    expect(
      errorsOf({
        'a.yaml': 'version: 1\nteams: [\n',
        'b.yaml': 'version: 1\nbudgets:\n  - { name: b, team: x, window: day, limit: 1 BRL }\n',
      }),
    ).toHaveLength(1);
  });
});
