import { describe, expect, test } from 'vitest';
import type { Rewrite } from '../../../src/vocabulary/advice.ts';
import { GIB, inBoth, message } from '../refusals.ts';

function rewrite(changes: Partial<Rewrite> = {}): Rewrite {
  return {
    changes: [{ kind: 'partition-filter', shows: 'd >= DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY)' }],
    sql: 'SELECT x FROM t WHERE d >= DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY)',
    result: 'changed',
    bytesBilled: GIB,
    savedOver: 'run',
    savedBytes: 2n * GIB,
    savedCost: { currency: 'USD', micros: 666_000n },
    passes: true,
    ...changes,
  };
}

const linesFor = (changes: Partial<Rewrite>) =>
  inBoth({ rewrites: [rewrite(changes)] }, /^(Suggestion|Sugestão)/);

describe('the line about a rewrite', () => {
  test('says that the result changes, what it would scan and save, and that it would be allowed', () => {
    expect(linesFor({})).toEqual([
      'Suggestion (the result changes): with the filter d >= DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY), it would scan 1 GiB instead of 3 GiB, cost $0.67 less, and be allowed.',
      'Sugestão (o resultado muda): com o filtro d >= DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY), ela leria 1 GiB em vez de 3 GiB, custaria US$ 0,67 a menos e seria liberada.',
    ]);
  });

  test('says that the result is the same, and that it would still be refused', () => {
    const changes = [{ kind: 'replacement-table', shows: 'p.d.t' }] as const;

    expect(linesFor({ changes, result: 'same', passes: false })).toEqual([
      'Suggestion (same result): over p.d.t, it would scan 1 GiB instead of 3 GiB, cost $0.67 less, and still be refused.',
      'Sugestão (mesmo resultado): lendo p.d.t, ela leria 1 GiB em vez de 3 GiB, custaria US$ 0,67 a menos e mesmo assim seria recusada.',
    ]);
  });

  test('promises no saving if there is none', () => {
    const changes = [{ kind: 'columns', shows: 'a, b' }] as const;
    const savedCost = { currency: 'USD', micros: 0n };

    expect(linesFor({ changes, result: 'same', savedBytes: 0n, savedCost })).toEqual([
      'Suggestion (same result): with only the columns a, b, it would scan the same 1 GiB and be allowed.',
      'Sugestão (mesmo resultado): só com as colunas a, b, ela leria os mesmos 1 GiB e seria liberada.',
    ]);
  });

  test('gives what repeats cost in the last 24 hours that the cache would have answered', () => {
    const changes = [{ kind: 'cacheable', shows: "DATE '2026-11-25'" }] as const;

    expect(linesFor({ changes, result: 'same', savedOver: 'day', passes: false })).toEqual([
      "Suggestion (same result): with DATE '2026-11-25' for the current time, it would save what repeats cost in the last 24 hours (2 GiB, $0.67) and still be refused.",
      "Sugestão (mesmo resultado): com DATE '2026-11-25' no lugar da hora atual, ela pouparia o que as repetições gastaram nas últimas 24 horas (2 GiB, US$ 0,67) e mesmo assim seria recusada.",
    ]);
  });

  test('does not mention money if it saves none, as under slots', () => {
    const [line] = linesFor({ savedCost: { currency: 'USD', micros: 0n } });

    expect(line).toContain('it would scan 1 GiB instead of 3 GiB and be allowed.');
  });

  test('names several changes, and shortens a long list of columns', () => {
    const columns = {
      kind: 'columns',
      shows: Array.from({ length: 90 }, (_, n) => `c${n}`).join(', '),
    } as const;
    const [line = ''] = linesFor({ changes: [...rewrite().changes, columns] });

    expect(line).toMatch(/with the filter d >= .* DAY\) and with only the columns c0, .*…/);
    expect(line.length).toBeLessThan(400);
  });

  test('appears once, for the first rewrite, just before the decision ID', () => {
    const lines = message({ rewrites: [rewrite(), rewrite({ passes: false })] }).split('\n');

    expect(lines.filter((line) => line.startsWith('Suggestion'))).toHaveLength(1);
    expect(lines.at(-2)).toMatch(/^Suggestion .* be allowed\.$/);
  });

  test('is left out if no rewrite was found', () => {
    expect(message()).not.toContain('Suggestion');
  });
});
