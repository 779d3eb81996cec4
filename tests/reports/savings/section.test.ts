import { expect, test } from 'vitest';
import { phrasesIn } from '../../../src/reports/savings/phrases.ts';
import type { SavingRow } from '../../../src/reports/savings/saving.ts';
import type { SavingsReport } from '../../../src/reports/savings/savings.ts';
import { savingsSection } from '../../../src/reports/savings/section.ts';

function row(changes: Partial<SavingRow> = {}): SavingRow {
  return {
    keys: ['atendimento'],
    cause: 'refusal',
    currency: 'USD',
    needs: 2,
    attempts: 5,
    estimatedBytes: 3n << 30n,
    estimatedCostMicros: 3_000_000n,
    savedBytes: 2n << 30n,
    savedCostMicros: 2_000_000n,
    ...changes,
  };
}

function reportOf(rows: readonly SavingRow[], changes: Partial<SavingsReport> = {}): SavingsReport {
  return {
    by: ['team'],
    from: '2026-11-01',
    to: '2026-12-01',
    timeZone: 'America/Sao_Paulo',
    recordsFrom: null,
    rows,
    ...changes,
  };
}

function textOf(report: SavingsReport, language: 'en' | 'pt-BR'): string {
  return savingsSection(report, language)
    .markup.replace(/<[^>]*>/g, '|')
    .replace(/\s*\|[|\s]*/g, '|');
}

test('the causes are shown by team, in money and in bytes, with their sum', () => {
  const rewritten = row({ cause: 'rewrite', needs: 1, attempts: 1, savedCostMicros: 500_000n });

  const text = textOf(reportOf([row(), rewritten]), 'en');

  const figures = '3|6 attempts|$6.00|6 GiB|$2.00|2 GiB|$0.50|2 GiB|$2.50|4 GiB|';
  expect(text).toContain(`|atendimento|${figures}`);
  expect(text).toContain(`|Total|${figures}`);
  expect(text).toContain('From Nov 1, 2026 to Nov 30, 2026, days of America/Sao_Paulo.');
});

test('numbers and dates are formatted in the language, even by day', () => {
  const text = textOf(reportOf([row({ keys: ['2026-11-24'] })], { by: ['day'] }), 'pt-BR');

  expect(text).toContain('|24 de nov. de 2026|2|5 tentativas|US$\u00a03,00|3 GiB|US$\u00a02,00|');
});

test('each currency has its own lines and total', () => {
  const text = textOf(reportOf([row(), row({ currency: 'BRL' })]), 'en');

  expect(text.match(/\|Total\|/g)).toHaveLength(2);
  expect(text).toContain('R$3.00');
});

test('what was priced is shown in other currencies too, by team and in all; what was paid in another is not', () => {
  const inReais = { currency: 'BRL', estimatedCostMicros: 15_000_000n, savedCostMicros: 10_000_000n };
  const report = reportOf([row(), row({ currency: 'EUR' })]);

  const { markup } = savingsSection(report, 'en', { from: 'USD', rows: [row(inReais)] });

  expect(markup.match(/\$3\.00<small>R\$15\.00<\/small>/g)).toHaveLength(2);
  expect(markup.match(/\$2\.00<small>R\$10\.00<\/small>/g)).toHaveLength(4);
  expect(markup.match(/R\$/g)).toHaveLength(6);
});

test('names are escaped', () => {
  const { markup } = savingsSection(reportOf([row({ keys: ['<b>x'] })]), 'en');

  expect(markup).toContain('&lt;b&gt;x');
});

test.for(['en', 'pt-BR'] as const)(
  'where nothing was refused the section says so in %s, and how it counts',
  (language) => {
    const phrases = phrasesIn(language);

    const text = textOf(reportOf([], { recordsFrom: '2026-11-20' }), language);

    expect(text).toContain(phrases.nothing);
    for (const sentence of phrases.method) expect(text).toContain(sentence);
    expect(text).toMatch(/20/);
  },
);
