import { describe, expect, test } from 'vitest';
import { errorsIn } from '../builders.ts';

describe('a condition that does not type-check', () => {
  const rule = (when: string) => `version: 1\nrules:\n  - name: r\n    mode: audit\n    when: ${when}\n`;

  test.each([
    [
      'a fact that does not exist',
      'query.byts_billed > 3',
      '5:17',
      'No such key: byts_billed',
      'bytes_billed',
    ],
    ['a variable that does not exist', '"qury.read"', '5:12', 'Unknown variable: qury', 'query'],
    [
      'a function that does not exist',
      'query.star || query.raeds("t")',
      '5:25',
      "found no matching overload for 'Query.raeds(string)'",
      'reads',
    ],
    [
      'a fact of a table that does not exist',
      '|\n      query.read\n        && query.tables.exists(t, t.sttar)',
      '7:37',
      'No such key: sttar',
      'star',
    ],
    [
      'after spaces in quotes',
      '"  query.byts_billed > 3"',
      '5:20',
      'No such key: byts_billed',
      'bytes_billed',
    ],
    ['after an empty line', '|\n\n      query.raed', '7:13', 'No such key: raed', 'read'],
    [
      'a fact in has() that does not exist',
      'query.read && has(query.strar)',
      '5:35',
      'No such key: strar',
      'star',
    ],
  ])('is reported at the exact column: %s', (_, when, place, problem, meant) => {
    const [error, ...others] = errorsIn(rule(when));
    expect(others).toEqual([]);
    expect(error).toContain(`policies/a.yaml:${place}: rule r: the expression `);
    expect(error).toContain(`is not valid: ${problem}`);
    expect(error).toContain(`did you mean "${meant}"?`);
  });

  test.each(['5 GiB', '20GB', '1.5 TiB'])(
    'says how bytes are written if it has them as limits do: %s',
    (bytes) => {
      const [error] = errorsIn(rule(`query.bytes_billed > ${bytes}`));
      expect(error).toMatch(
        /expected CEL over the documented facts; bytes are written as gib\(5\), mib\(5\) or tib\(5\)$/,
      );
    },
  );

  test('is reported at the start of the text if its lines are folded', () => {
    const [error] = errorsIn(rule('>-\n      query.read &&\n      query.strar'));
    expect(error).toContain('policies/a.yaml:5:11: ');
  });

  test('is an error if it iterates over anything but a list, since nothing else is metered', () => {
    expect(errorsIn(rule(`'{"a": 1}.exists(k, k == "a")'`))).toEqual([
      'policies/a.yaml:5:12: rule r: the expression walks through what is no list; expected a list, such as query.tables',
    ]);
    expect(errorsIn(rule(`'dyn(query.functions).exists(f, f == "rand")'`))).toEqual([]);
  });

  test('is an error if it does not return bool', () => {
    expect(errorsIn(rule('query.bytes_billed'))).toEqual([
      'policies/a.yaml:5:11: rule r: the expression gives int; expected one that gives bool',
    ]);
  });

  test('is an error inside a message too', () => {
    const [error] = errorsIn(`${rule('query.star')}    message: "use \${query.tabels}"\n`);
    expect(error).toMatch(/^policies\/a\.yaml:6:27: .*No such key: tabels.*did you mean "tables"\?$/);
  });

  test.each([
    ['without a closing brace', `use \${query.fingerprint`, '6:19'],
    ['with braces of its own', `use \${"{" + query.fingerprint}`, '6:19'],
    ['after another expression', `use \${query.fingerprint} and \${caller.team`, '6:44'],
  ])('is an error in a message that would show it literally: an expression %s', (_, message, place) => {
    expect(errorsIn(`${rule('query.star')}    message: '${message}'\n`)).toEqual([
      `policies/a.yaml:${place}: rule r: the message has an expression that is not taken for one; expected "\${", CEL without braces, and "}"`,
    ]);
  });
});
