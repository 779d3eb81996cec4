import { describe, expect, test } from 'vitest';
import { balance, byBudget, GIB, hit, inBoth, message } from '../refusals.ts';

const day = balance({}, { used: 18n * GIB, reserved: GIB / 2n });

const month = balance(
  {
    name: 'empresa-month',
    subject: {},
    window: 'month',
    limit: { measure: 'money', money: { currency: 'BRL', micros: 300_000_000n } },
  },
  { window: { key: '2026-11', startMs: 0, endMs: Date.UTC(2026, 11, 1, 3) }, used: 12_500_000n },
);

describe('the message of a refusal by a rule', () => {
  test('says in English what was refused, why, its cost, what is left, what to do, and the decision ID', () => {
    expect(message({ balances: [day, month] })).toBe(
      [
        'This query, which would scan 3 GiB and cost $1.00 (R$5.40), was not run: rule no-star-over-messages (policies/atendimento.yaml:24) refuses it.',
        'Filter on created_at.',
        'What to do: change the query as described above and run it again; if you need it as it is, ask the owners of the rule.',
        'Decision ID: d-42',
        'What is left of the budgets that cover it:',
        '- atendimento-day: 1.5 GiB of 20 GiB; renews on Nov 25, 2026, 00:00 (America/Sao_Paulo).',
        '- empresa-month: R$287.50 of R$300.00; renews on Dec 1, 2026, 00:00 (America/Sao_Paulo).',
      ].join('\n'),
    );
  });

  test('says the same in Portuguese', () => {
    expect(message({ balances: [day, month] }, 'pt-BR')).toBe(
      [
        'Esta consulta, que leria 3 GiB e custaria US$ 1,00 (R$ 5,40), não foi executada: a regra no-star-over-messages (policies/atendimento.yaml:24) a recusa.',
        'Filter on created_at.',
        'O que fazer: mude a consulta como dito acima e rode de novo; se precisar dela assim, fale com quem cuida da regra.',
        'ID da decisão: d-42',
        'Saldo dos orçamentos que valem para ela:',
        '- atendimento-day: 1,5 GiB de 20 GiB; renova em 25 de nov. de 2026, 00:00 (America/Sao_Paulo).',
        '- empresa-month: R$ 287,50 de R$ 300,00; renova em 1 de dez. de 2026, 00:00 (America/Sao_Paulo).',
      ].join('\n'),
    );
  });

  test('links to the decision in the console, by ID, if the console can be reached', () => {
    const page = 'https://guardrail.example.com/decisions/d-42';
    expect(inBoth({ page }, /d-42/)).toEqual([`See it in the console: ${page}`, `Veja no console: ${page}`]);
  });

  test('says whom to ask, if the policy does', () => {
    expect(inBoth({ contacts: ['#data-help', 'ana@example.com'] }, /#data-help/)).toEqual([
      'What to do: change the query as described above and run it again; if you need it as it is, ask #data-help and ana@example.com.',
      'O que fazer: mude a consulta como dito acima e rode de novo; se precisar dela assim, fale com #data-help e ana@example.com.',
    ]);
  });

  test('names every rule that refuses', () => {
    const other = { ...hit, rule: 'other', message: ' Use the summary.\n' };
    const text = message({ cause: { by: 'rule', hits: [hit, other] } });
    expect(text).toContain(
      'rules no-star-over-messages (policies/atendimento.yaml:24) and other (policies/atendimento.yaml:24) refuse it.\nFilter on created_at.\nUse the summary.\n',
    );
  });

  test.each(['en', 'pt-BR'] as const)(
    'is short enough for a small box up to its decision ID, in %s',
    (language) => {
      const text = message({ balances: [day, month] }, language);
      expect(text.split('\n')[0]?.length).toBeLessThan(200);
      expect(text.indexOf('d-42')).toBeLessThan(500);
    },
  );

  test('gives bytes and cost even if it names no rule', () => {
    expect(message({ cause: { by: 'rule', hits: [] } }).split('\n')[0]).toBe(
      'This query, which would scan 3 GiB and cost $1.00, was not run.',
    );
  });

  test('gives one cost if no budget uses another currency, and no balances if there are none', () => {
    const text = message();
    expect(text).toContain('and cost $1.00, was');
    expect(text).not.toContain('What is left');
  });
});

describe('the message of a refusal by a budget', () => {
  test('names the budget, the amount requested, what is left, and when it renews', () => {
    const text = message({ cause: byBudget(day, 3n * GIB) });
    expect(text).toContain(
      'it would take 3 GiB out of budget atendimento-day (policies/atendimento.yaml:13), which has 1.5 GiB left.',
    );
    expect(text).toContain(
      'wait until the budget renews on Nov 25, 2026, 00:00 (America/Sao_Paulo), or ask the owners of the budget.\n',
    );
  });

  test('says whom to ask, if the policy does, whether or not the query ever fits', () => {
    const contacts = ['#finops'];
    const fits = inBoth({ contacts, cause: byBudget(day, 3n * GIB) }, /#finops/);
    const neverFits = inBoth({ contacts, cause: byBudget(day, 30n * GIB) }, /#finops/);

    expect(fits[0]).toMatch(/, or ask #finops\.$/);
    expect(fits[1]).toMatch(/ ou fale com #finops\.$/);
    expect(neverFits[0]).toMatch(/if you need it as it is, ask #finops\.$/);
    expect(neverFits[1]).toMatch(/se precisar dela assim, fale com #finops\.$/);
  });

  test('says in words if nothing is left', () => {
    const empty = balance({}, { used: 20n * GIB });
    expect(message({ cause: byBudget(empty, GIB) })).toContain(', which has nothing left.\n');
    expect(message({ cause: byBudget(empty, GIB) }, 'pt-BR')).toContain(', que não tem mais saldo.\n');
  });

  test('does not suggest waiting if the query never fits', () => {
    const text = message({ cause: byBudget(day, 30n * GIB) }, 'pt-BR');
    expect(text).toContain('usaria 30 GiB do orçamento atendimento-day');
    expect(text).toContain('nunca cabe');
    expect(text).not.toContain('espere');
  });

  test('suggests waiting for a query that takes the whole limit, since it fits an empty window', () => {
    const text = message({ cause: byBudget(day, 20n * GIB) });
    expect(text).toContain('wait until the budget renews');
    expect(text).not.toContain('never fits');
  });

  test('gives money in the currency of the budget', () => {
    const text = message({ cause: byBudget(month, 5_400_000n) });
    expect(text).toContain('take R$5.40 out of budget empresa-month');
    expect(text).toContain('cost $1.00 (R$5.40), was');
  });
});
