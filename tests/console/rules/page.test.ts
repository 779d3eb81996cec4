import { expect, test } from 'vitest';
import type { Figures } from '../../../src/console/figures.ts';
import { rulesPage } from '../../../src/console/rules/page.ts';
import type { ConsoleSources } from '../../../src/console/sources.ts';
import type { RuleInForce } from '../../../src/policy/policy.ts';
import type { RuleUse } from '../../../src/records/uses/rule-uses.ts';
import { pageContext } from '../builders.ts';
import { rule } from './builders.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const context = pageContext('analyst', { url: '/rules', nowMs: NOW });
const none = async () => ({ value: [], atMs: NOW });

function pageOf(
  shown: RuleInForce,
  changes: Partial<Figures> = {},
  language: 'en' | 'pt-BR' = 'en',
  rejectedPolicy: ConsoleSources['rejectedPolicy'] = () => null,
) {
  return rulesPage(
    { policy: () => ({ rules: [shown] }), rejectedPolicy } as unknown as ConsoleSources,
    { ruleUses: none, unreadUses: none, ...changes } as unknown as Figures,
    { ...context, language },
  );
}

test('the page reloads by itself while either of its sums is being computed', async () => {
  expect(await pageOf(rule)).not.toContain('data-soon');
  expect(await pageOf(rule, { ruleUses: async () => null })).toContain('data-soon="true"');
  expect(await pageOf(rule, { unreadUses: async () => null })).toContain('data-soon="true"');
});

test('the page says that it does not show the last edit of the files, if that was rejected', async () => {
  const rejected = await pageOf(rule, {}, 'en', () => []);

  expect(rejected).toContain('so this page shows the one before. <a href="/health">See why.</a>');
  expect(await pageOf(rule)).not.toContain('See why.');
});

test('an exemption and the dates of a rule are written in the language of the reader', async () => {
  const exempted: RuleInForce = {
    ...rule,
    life: {
      ...rule.life,
      schedule: { mode: 'deny', warnFrom: null, enforceFrom: { date: '2026-12-01', startMs: 0 } },
    },
    exemptions: [
      {
        rule: rule.name,
        subject: { dashboard: 'metabase:7', table: 'p.d.t' },
        owner: 'ana',
        reason: 'month-end',
        until: '2026-12-31',
        endsAtMs: NOW + 1,
        source: rule.source,
      },
    ],
  };

  const english = await pageOf(exempted);
  const portuguese = await pageOf(exempted, {}, 'pt-BR');

  expect(english).toContain('<bdi>dashboard metabase:7, table p.d.t</bdi>');
  expect(english).toContain('until Dec 31, 2026');
  expect(english).toContain('from Dec 1, 2026');
  expect(portuguese).toContain('<bdi>painel metabase:7, tabela p.d.t</bdi>');
  expect(portuguese).toContain('até 31 de dez. de 2026');
  expect(portuguese).toContain('a partir de 1 de dez. de 2026');
});

test('what a rule would refuse is shown if there is any', async () => {
  const use: RuleUse = {
    rule: rule.name,
    dayMs: Date.parse('2026-11-24'),
    mode: 'warn',
    heldBackBy: null,
    queries: 2,
    bytesBilled: 10n << 30n,
    costMicros: new Map([['USD', 1_500_000n]]),
    people: ['metabase:1'],
  };

  const page = await pageOf(rule, { ruleUses: async () => ({ value: [use], atMs: NOW }) });

  expect(page).toContain('<b>10 GiB</b>');
  expect(page).toContain('<b>$1.50</b>');
  expect(await pageOf(rule)).not.toContain('class="tiles"');
});
