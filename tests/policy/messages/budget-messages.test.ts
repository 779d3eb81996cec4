import { describe, expect, test } from 'vitest';
import { balance, byBudget, GIB, hit, inBoth, message } from '../refusals.ts';

const FIRST = /^(This|Esta)/;
const LINE = /^- /;
const WAYS = /^(What to do|O que fazer)/;

describe('the message about a budget per person', () => {
  const person = { name: 'por-pessoa', per: 'person' } as const;

  test('names the account that is charged', () => {
    const spent = balance(person, { account: 'metabase:12', used: 19n * GIB });
    const refusal = { cause: byBudget(spent, 3n * GIB), balances: [spent] };

    expect(inBoth(refusal, FIRST)).toEqual([
      'This query, which would scan 3 GiB and cost $1.00, was not run: it would take 3 GiB out of budget por-pessoa, metabase:12 (policies/atendimento.yaml:13), which has 1 GiB left.',
      'Esta consulta, que leria 3 GiB e custaria US$ 1,00, não foi executada: ela usaria 3 GiB do orçamento por-pessoa, metabase:12 (policies/atendimento.yaml:13), que tem 1 GiB de saldo.',
    ]);
    expect(message(refusal)).toContain('- por-pessoa, metabase:12: 1 GiB of 20 GiB; renews');
  });

  test('says so if the query names no person, and omits an unknown tool', () => {
    const nobody = balance(person, { account: '(none)' });
    const anyTool = balance(person, { account: ':12' });

    expect(inBoth({ balances: [nobody] }, LINE)).toEqual([
      expect.stringMatching(/^- por-pessoa, no person named: 20 GiB of/),
      expect.stringMatching(/^- por-pessoa, sem pessoa informada: 20 GiB de/),
    ]);
    expect(message({ balances: [anyTool] })).toContain('- por-pessoa, 12: 20 GiB of');
  });
});

test('a message about a limit raised by a grant names the grant', () => {
  const raised = balance({}, { limit: 25n * GIB, granted: 5n * GIB, used: 18n * GIB });

  expect(inBoth({ balances: [raised] }, LINE)).toEqual([
    '- atendimento-day: 7 GiB of 25 GiB (with a grant of 5 GiB); renews on Nov 25, 2026, 00:00 (America/Sao_Paulo).',
    '- atendimento-day: 7 GiB de 25 GiB (incluída uma concessão de 5 GiB); renova em 25 de nov. de 2026, 00:00 (America/Sao_Paulo).',
  ]);
});

describe('the message about a rolling window', () => {
  const rolling = balance({ name: 'rolling', window: 'rolling-24h' }, { used: 19n * GIB });

  test('says when the oldest use expires', () => {
    expect(inBoth({ cause: byBudget(rolling, 3n * GIB), balances: [rolling] }, LINE)).toEqual([
      '- rolling: 1 GiB of 20 GiB in 24 hours; the oldest use expires on Nov 25, 2026, 00:00 (America/Sao_Paulo).',
      '- rolling: 1 GiB de 20 GiB em 24 horas; a parte mais antiga sai da conta em 25 de nov. de 2026, 00:00 (America/Sao_Paulo).',
    ]);
    expect(inBoth({ cause: byBudget(rolling, 3n * GIB) }, WAYS)).toEqual([
      'What to do: make the query smaller (fewer columns, a shorter period, a filter on the partition column), wait until the oldest use expires on Nov 25, 2026, 00:00 (America/Sao_Paulo), or ask the owners of the budget.',
      'O que fazer: reduza a consulta (menos colunas, um período menor, um filtro na coluna de partição), espere a parte mais antiga sair da conta em 25 de nov. de 2026, 00:00 (America/Sao_Paulo) ou fale com quem cuida do orçamento.',
    ]);
  });

  test('says nothing about expiry if nothing is used', () => {
    expect(inBoth({ balances: [balance({ name: 'rolling', window: 'rolling-1h' })] }, LINE)).toEqual([
      '- rolling: 20 GiB of 20 GiB in 1 hour.',
      '- rolling: 20 GiB de 20 GiB em 1 hora.',
    ]);
  });
});

describe('the message about a budget of slot time', () => {
  const slots = balance(
    { name: 'etl', limit: { measure: 'slot time', slotMs: 144_000_000n } },
    { used: 143_640_000n },
  );

  test('says how much slot time the query would use, as well as its bytes and cost', () => {
    const refusal = { cause: byBudget(slots, 5_400_000n), balances: [slots] };

    expect(inBoth(refusal, /^(This|Esta|- )/)).toEqual([
      'This query, which would scan 3 GiB, use 1.5 slot-hours and cost $1.00, was not run: it would take 1.5 slot-hours out of budget etl (policies/atendimento.yaml:13), which has 0.1 slot-hours left.',
      '- etl: 0.1 slot-hours of 40 slot-hours; renews on Nov 25, 2026, 00:00 (America/Sao_Paulo).',
      'Esta consulta, que leria 3 GiB, usaria 1,5 hora de slot e custaria US$ 1,00, não foi executada: ela usaria 1,5 hora de slot do orçamento etl (policies/atendimento.yaml:13), que tem 0,1 hora de slot de saldo.',
      '- etl: 0,1 hora de slot de 40 horas de slot; renova em 25 de nov. de 2026, 00:00 (America/Sao_Paulo).',
    ]);
  });
});

describe('the message about a budget of queries', () => {
  const counted = (
    changes: { window?: 'hour' | 'week' | 'month' | 'rolling-24h'; granted?: bigint } = {},
  ) => {
    const { window = 'hour', granted = 0n } = changes;
    return balance(
      { name: 'contagem', window, limit: { measure: 'queries', queries: 500n } },
      { limit: 500n + granted, granted, used: 500n + granted },
    );
  };

  test('says how many queries it allows, and does not suggest a smaller query', () => {
    const refusal = { cause: byBudget(counted(), 1n), balances: [counted()] };

    expect(inBoth(refusal, FIRST)).toEqual([
      'This query, which would scan 3 GiB and cost $1.00, was not run: budget contagem (policies/atendimento.yaml:13) allows 500 queries an hour, and none is left.',
      'Esta consulta, que leria 3 GiB e custaria US$ 1,00, não foi executada: o orçamento contagem (policies/atendimento.yaml:13) permite 500 consultas por hora, e não resta nenhuma.',
    ]);
    expect(inBoth(refusal, LINE)).toEqual([
      expect.stringMatching(/^- contagem: 0 of 500 queries; renews on /),
      expect.stringMatching(/^- contagem: 0 de 500 consultas; renova em /),
    ]);
    expect(inBoth(refusal, WAYS)).toEqual([
      expect.stringMatching(
        /^What to do: wait until the budget renews on .* or ask the owners of the budget\.$/,
      ),
      expect.stringMatching(
        /^O que fazer: espere o orçamento renovar em .* ou fale com quem cuida do orçamento\.$/,
      ),
    ]);
  });

  test.each([
    ['week', 'a week', 'por semana'],
    ['month', 'a month', 'por mês'],
    ['rolling-24h', 'in 24 hours', 'em 24 horas'],
  ] as const)('names its window: %s', (window, english, portuguese) => {
    expect(inBoth({ cause: byBudget(counted({ window }), 1n) }, FIRST)).toEqual([
      expect.stringContaining(`allows 500 queries ${english}, and none`),
      expect.stringContaining(`permite 500 consultas ${portuguese}, e não`),
    ]);
  });

  test('names a grant', () => {
    const text = message({ cause: byBudget(counted({ granted: 10n }), 1n) });
    expect(text).toContain('allows 510 queries (with a grant of 10 queries) an hour');
  });

  test('that allows none does not suggest waiting', () => {
    const closed = balance({ limit: { measure: 'queries', queries: 0n } });
    expect(inBoth({ cause: byBudget(closed, 1n) }, WAYS)).toEqual([
      'What to do: ask the owners of the budget.',
      'O que fazer: fale com quem cuida do orçamento.',
    ]);
  });
});

describe('the message about a budget of queries at once', () => {
  const atOnce = (running: bigint, queue = { length: 20, waitMs: 30_000 }) =>
    balance(
      { name: 'juntas', window: 'now', limit: { measure: 'at once', queries: 4n }, queue },
      { reserved: running },
    );

  test('says how many queries run and wait if the queue is full, and suggests trying again in a moment', () => {
    const refusal = { cause: byBudget(atOnce(4n), 1n, { waited: 'full' }), balances: [atOnce(4n)] };

    expect(inBoth(refusal, FIRST)).toEqual([
      'This query, which would scan 3 GiB and cost $1.00, was not run: 4 queries are already running under budget juntas (policies/atendimento.yaml:13), and 20 are waiting.',
      'Esta consulta, que leria 3 GiB e custaria US$ 1,00, não foi executada: já há 4 consultas em execução no orçamento juntas (policies/atendimento.yaml:13) e 20 na fila.',
    ]);
    expect(inBoth(refusal, LINE)).toEqual([
      '- juntas: 4 of 4 queries running.',
      '- juntas: 4 de 4 consultas em execução.',
    ]);
    expect(inBoth(refusal, WAYS)).toEqual([
      'What to do: try again in a moment or ask the owners of the budget.',
      'O que fazer: tente de novo daqui a pouco ou fale com quem cuida do orçamento.',
    ]);
  });

  test('uses the singular for one running and one waiting query', () => {
    const one = balance(
      { limit: { measure: 'at once', queries: 1n }, window: 'now', queue: { length: 1, waitMs: 1 } },
      { reserved: 1n },
    );
    expect(inBoth({ cause: byBudget(one, 1n, { waited: 'full' }) }, FIRST)).toEqual([
      expect.stringContaining(
        '1 query is already running under budget atendimento-day (policies/atendimento.yaml:13), and 1 is waiting.',
      ),
      expect.stringContaining(
        'já há 1 consulta em execução no orçamento atendimento-day (policies/atendimento.yaml:13) e 1 na fila.',
      ),
    ]);
  });

  test('says that none may wait if there is no queue', () => {
    const none = atOnce(4n, { length: 0, waitMs: 30_000 });
    expect(inBoth({ cause: byBudget(none, 1n, { waited: 'full' }) }, FIRST)).toEqual([
      expect.stringMatching(/, and none may wait\.$/),
      expect.stringMatching(/ e ele não tem fila\.$/),
    ]);
  });

  test('says that 0 queries are running if it allows none', () => {
    const closed = balance({ limit: { measure: 'at once', queries: 0n }, window: 'now' });
    expect(inBoth({ cause: byBudget(closed, 1n, { waited: 'full' }) }, FIRST)).toEqual([
      expect.stringContaining('0 queries are already running under budget'),
      expect.stringContaining('já há 0 consultas em execução no orçamento'),
    ]);
  });

  test('says how long the query waited if it waited too long', () => {
    const refusal = { cause: byBudget(atOnce(4n), 1n, { waited: 'too long' }) };

    expect(inBoth(refusal, FIRST)).toEqual([
      'This query, which would scan 3 GiB and cost $1.00, was not run: it waited 30 seconds for budget juntas (policies/atendimento.yaml:13), which allows 4 queries to run at once, and no place became free.',
      'Esta consulta, que leria 3 GiB e custaria US$ 1,00, não foi executada: esperou 30 segundos por uma vaga no orçamento juntas (policies/atendimento.yaml:13), que permite 4 consultas ao mesmo tempo, e nenhuma abriu.',
    ]);
  });
});

describe('the message about a budget that refuses only queries that certain rules match', () => {
  const only = balance({ whenExceeded: { only: ['no-star-over-messages', 'quiet'] } }, { used: 20n * GIB });

  test('names budget and rule, gives the rule’s message, and says that changing the query is enough', () => {
    const cause = byBudget(only, 3n * GIB, { matchedRules: [{ ...hit, mode: 'audit' }] });

    expect(message({ cause }).split('\n').slice(0, 3)).toEqual([
      'This query, which would scan 3 GiB and cost $1.00, was not run: it would take 3 GiB out of budget atendimento-day (policies/atendimento.yaml:13), which has nothing left.',
      'Beyond its limit, this budget refuses only queries that certain rules match; rule no-star-over-messages (policies/atendimento.yaml:24) matches this one.',
      'Filter on created_at.',
    ]);
    expect(message({ cause }, 'pt-BR').split('\n')[1]).toBe(
      'Acima do limite, esse orçamento só recusa consultas às quais certas regras se aplicam, e a regra no-star-over-messages (policies/atendimento.yaml:24) se aplica a esta.',
    );
    expect(inBoth({ cause }, WAYS)).toEqual([
      expect.stringMatching(
        /^What to do: change the query so that no such rule matches it \(this budget then lets it run\), make the query smaller .*, wait until .*, or ask/,
      ),
      expect.stringMatching(
        /^O que fazer: mude a consulta para que nenhuma dessas regras se aplique a ela \(aí este orçamento a deixa rodar\), reduza a consulta .* ou fale com/,
      ),
    ]);
  });

  test('names every rule, with no empty line for a rule without a message', () => {
    const quiet = { ...hit, rule: 'quiet', message: '' };
    const cause = byBudget(only, 30n * GIB, { matchedRules: [hit, quiet] });

    expect(inBoth({ cause }, /^(Beyond|Acima)/)).toEqual([
      expect.stringContaining(
        'rules no-star-over-messages (policies/atendimento.yaml:24) and quiet (policies/atendimento.yaml:24) match this one.',
      ),
      expect.stringContaining(
        'as regras no-star-over-messages (policies/atendimento.yaml:24) e quiet (policies/atendimento.yaml:24) se aplicam a esta.',
      ),
    ]);
    expect(message({ cause })).not.toContain('\n\n');
  });

  test('suggests changing a query that never fits, but not waiting', () => {
    const text = message({ cause: byBudget(only, 30n * GIB, { matchedRules: [hit] }) });
    expect(text).toContain('What to do: change the query so that no such rule matches it');
    expect(text).not.toContain('wait until');
  });
});
