import { describe, expect, test } from 'vitest';
import type { Language } from '../../../src/foundation/text/language.ts';
import { textsOf } from '../../../src/notices/messages/texts.ts';
import type { Notice } from '../../../src/notices/notice.ts';
import { UNNAMED_ACCOUNT } from '../../../src/vocabulary/budget.ts';
import { nobody, notice, usedUp } from '../builders.ts';

describe('the text of a notice', () => {
  test.each([
    ['bytes', 3n << 30n, 'Used: 1.5 GiB of 3 GiB.', 'Usado: 1,5 GiB de 3 GiB.'],
    [
      'slot-ms',
      7_200_000n,
      'Used: 1 slot-hour of 2 slot-hours.',
      'Usado: 1 hora de slot de 2 horas de slot.',
    ],
    ['queries', 2000n, 'Used: 1,000 queries of 2,000 queries.', 'Usado: 1.000 consultas de 2.000 consultas.'],
  ])('spells out %s with the right plural', (unit, limit, english, portuguese) => {
    const sample = notice({ unit, limit, used: limit / 2n, reserved: 0n, forecast: null, ...nobody });

    expect(textsOf(sample, 'en').sentences).toEqual([english]);
    expect(textsOf(sample, 'pt-BR').sentences).toEqual([portuguese]);
  });

  test('says what a budget that only warns, or refuses by rules, does when it is used up', () => {
    const last = (whenExceeded: Notice['whenExceeded']) =>
      textsOf(notice({ ...usedUp, whenExceeded }), 'en').sentences.at(-1);

    expect(last('warn')).toBe('Queries still run, and are counted.');
    expect(last('only')).toContain("if one of the budget's rules matches them");
  });

  test('calls a budget used up, and says what it does then, as soon as exactly its limit is used', () => {
    const { title, sentences } = textsOf(notice({ ...usedUp, used: 50_000_000n }), 'en');

    expect(title).toBe('Budget atendimento-dia is used up');
    expect(sentences).toContain('From now on, queries that do not fit are refused.');
  });

  test('names a threshold beyond the limit, but not one for a limit of zero', () => {
    const title = (changes: Partial<Notice>) =>
      textsOf(notice({ ...usedUp, threshold: 120, ...changes }), 'en').title;

    expect(title({})).toBe('Budget atendimento-dia has reached 120% of its limit');
    expect(title({ limit: 0n })).toBe('Budget atendimento-dia is used up');
  });

  test('names the account, even if queries name none', () => {
    const title = (account: string, language: Language) =>
      textsOf(notice({ per: 'person', account }), language).title;

    expect(title('ana', 'pt-BR')).toContain('atendimento-dia (pessoa ana) chegou');
    expect(title(UNNAMED_ACCOUNT, 'pt-BR')).toContain('atendimento-dia (sem pessoa) chegou');
    expect(title(UNNAMED_ACCOUNT, 'en')).toContain('atendimento-dia (no person named) has');
  });

  test('says where a pace within the limit leads', () => {
    const sample = notice({ forecast: { projected: 45_000_000n, usedUpAtMs: null }, ...nobody });

    expect(textsOf(sample, 'en').sentences.at(-1)).toBe(
      'At this pace it comes to R$45.00 (90% of the limit) when the window ends.',
    );
    expect(textsOf(sample, 'pt-BR').sentences.at(-1)).toBe(
      'Neste ritmo, chega a R$\u00a045,00 (90% do limite) no fim do período.',
    );
  });

  test('gives the length of a rolling window, and says if a budget is for the whole organisation', () => {
    const sample = notice({ window: 'rolling-24h', subject: {} });

    expect(textsOf(sample, 'en').context.slice(0, 2)).toEqual([
      'The whole organisation',
      'Counts the last 24 hours',
    ]);
    expect(textsOf(sample, 'pt-BR').context.slice(0, 2)).toEqual([
      'Toda a organização',
      'Conta as últimas 24 horas',
    ]);
  });
});
