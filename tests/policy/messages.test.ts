import { describe, expect, test } from 'vitest';
import { refusalMessage } from '../../src/policy/messages.ts';
import type { RuleHit } from '../../src/vocabulary/policy.ts';
import type { Refusal } from '../../src/vocabulary/refusal.ts';
import type { BudgetBalance } from '../../src/vocabulary/spend.ts';
import { budget, bytesLimit, pricing } from '../budget/builders.ts';

const GIB = 1n << 30n;
const DAY_END = Date.UTC(2026, 10, 25, 3);
const MONTH_END = Date.UTC(2026, 11, 1, 3);

const day: BudgetBalance = {
  budget: budget({
    name: 'atendimento-day',
    limit: bytesLimit(20n * GIB),
    source: { file: 'policies/atendimento.yaml', line: 13, column: 5 },
  }),
  window: { key: '2026-11-24', startMs: DAY_END - 86_400_000, endMs: DAY_END },
  limit: 20n * GIB,
  used: 18n * GIB,
  reserved: GIB / 2n,
};

const month: BudgetBalance = {
  budget: budget({
    name: 'atendimento-month',
    window: 'month',
    limit: { measure: 'money', money: { currency: 'BRL', micros: 300_000_000n } },
  }),
  window: { key: '2026-11', startMs: 0, endMs: MONTH_END },
  limit: 300_000_000n,
  used: 12_500_000n,
  reserved: 0n,
};

const hit: RuleHit = {
  rule: 'no-star-over-messages',
  mode: 'deny',
  message: 'Filter on created_at.',
  source: { file: 'policies/atendimento.yaml', line: 24, column: 5 },
};

function refusal(changes: Partial<Refusal> = {}): Refusal {
  return {
    decisionId: 'd-42',
    team: 'Atendimento',
    cause: { by: 'rule', hits: [hit] },
    estimate: { bytesBilled: 3n * GIB, cost: { currency: 'USD', micros: 1_000_000n } },
    balances: [day, month],
    ...changes,
  };
}

/** Amounts hold spaces that do not break; here they read as plain ones. */
function message(changes: Partial<Refusal> = {}, language: 'en' | 'pt-BR' = 'en'): string {
  return refusalMessage(refusal(changes), language, pricing).replaceAll(/[\u00a0\u202f]/g, ' ');
}

describe('a refusal by a rule', () => {
  test('says in English what, why, how much, what is left, what to do, and its ID', () => {
    expect(message()).toBe(
      [
        'This query was not run: rule no-star-over-messages (policies/atendimento.yaml:24) refuses it.',
        'Filter on created_at.',
        'It would scan 3 GiB and cost $1.00 (R$5.40).',
        "What is left of Atendimento's budgets:",
        '- atendimento-day: 1.5 GiB of 20 GiB; renews on Nov 25, 2026, 00:00 (America/Sao_Paulo).',
        '- atendimento-month: R$287.50 of R$300.00; renews on Dec 1, 2026, 00:00 (America/Sao_Paulo).',
        'What to do: change the query as said above and run it again; if you need it as it is, ask those who look after the rule.',
        'Decision ID: d-42',
      ].join('\n'),
    );
  });

  test('says the same in Portuguese', () => {
    expect(message({}, 'pt-BR')).toBe(
      [
        'Esta consulta não foi executada: a regra no-star-over-messages (policies/atendimento.yaml:24) a recusa.',
        'Filter on created_at.',
        'Ela leria 3 GiB e custaria US$ 1,00 (R$ 5,40).',
        'Saldo dos orçamentos de Atendimento:',
        '- atendimento-day: 1,5 GiB de 20 GiB; renova em 25 de nov. de 2026, 00:00 (America/Sao_Paulo).',
        '- atendimento-month: R$ 287,50 de R$ 300,00; renova em 1 de dez. de 2026, 00:00 (America/Sao_Paulo).',
        'O que fazer: mude a consulta como dito acima e rode de novo; se precisar dela assim, fale com quem cuida da regra.',
        'ID da decisão: d-42',
      ].join('\n'),
    );
  });

  test('names every rule that refuses', () => {
    const other = { ...hit, rule: 'other', message: ' Use the summary.\n' };
    const text = message({ cause: { by: 'rule', hits: [hit, other] } });
    expect(text).toContain('rule no-star-over-messages (policies/atendimento.yaml:24)');
    expect(text).toContain('rule other (policies/atendimento.yaml:24) refuses it.\nUse the summary.\n');
  });

  test('tells one cost where no budget counts another currency, and no balance where there is none', () => {
    const text = message({ balances: [] });
    expect(text).toContain('cost $1.00.\n');
    expect(text).not.toContain('What is left');
  });
});

describe('a refusal by a budget', () => {
  test('says which, what it was asked and what it holds, and when it renews', () => {
    const text = message({ cause: { by: 'budget', balance: day, asked: 3n * GIB } });
    expect(text).toContain(
      'it would take 3 GiB out of budget atendimento-day (policies/atendimento.yaml:13), which has 1.5 GiB left.',
    );
    expect(text).toContain('wait until the budget renews on Nov 25, 2026, 00:00 (America/Sao_Paulo)');
  });

  test('does not tell people to wait for what never fits', () => {
    const text = message({ cause: { by: 'budget', balance: day, asked: 30n * GIB } }, 'pt-BR');
    expect(text).toContain('usaria 30 GiB do orçamento atendimento-day');
    expect(text).toContain('nunca cabe');
    expect(text).not.toContain('espere');
  });

  test('counts money in its own currency', () => {
    const text = message({ cause: { by: 'budget', balance: month, asked: 5_400_000n }, balances: [] });
    expect(text).toContain('take R$5.40 out of budget atendimento-month');
    expect(text).toContain('cost $1.00 (R$5.40)');
  });
});
