import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { jsonMessage } from '../../src/notices/json.ts';
import { messageFor } from '../../src/notices/message.ts';
import type { Notice } from '../../src/notices/notice.ts';
import { slackMessage } from '../../src/notices/slack.ts';
import { textsOf } from '../../src/notices/texts.ts';
import { UNNAMED_ACCOUNT } from '../../src/vocabulary/budget.ts';
import type { Language } from '../../src/vocabulary/policy.ts';
import { HOUR, noon, notice, webhook } from './builders.ts';

/** Whom to ask comes after what is tested, wherever it is not what is tested. */
const nobody = { contact: null };
const usedUp: Partial<Notice> = {
  used: 66_000_000n,
  threshold: 100,
  reserved: 0n,
  forecast: null,
  ...nobody,
};

describe('a Slack message', () => {
  test('shows in Portuguese how full the budget is, what will happen, and when it renews', () => {
    const message = slackMessage(notice(), 'pt-BR');

    expect(message).toEqual({
      text:
        '🟡 O orçamento atendimento-dia chegou a 80% do limite. Usado: R$\u00a041,00 de R$\u00a050,00. ' +
        'Reservado por consultas em andamento: R$\u00a02,00. ' +
        'Neste ritmo, ele se esgota em 24 de nov. de 2026, 14:30 (America/Sao_Paulo). ' +
        'Se precisar de mais, fale com #finops (Slack).',
      blocks: [
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            verbatim: true,
            text:
              '🟡 *O orçamento atendimento-dia chegou a 80% do limite*\n' +
              '`▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓░░░░` 82%\n' +
              'Usado: R$\u00a041,00 de R$\u00a050,00. Reservado por consultas em andamento: R$\u00a02,00. ' +
              'Neste ritmo, ele se esgota em 24 de nov. de 2026, 14:30 (America/Sao_Paulo). ' +
              'Se precisar de mais, fale com #finops (Slack).',
          },
        },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              verbatim: true,
              text:
                'Equipe atendimento · Renova em 25 de nov. de 2026, 00:00 (America/Sao_Paulo) · ' +
                'Situação em 24 de nov. de 2026, 12:00 (America/Sao_Paulo)',
            },
          ],
        },
      ],
    });
  });

  test('is red and full if everything is used, and says what happens to queries now', () => {
    const { text, blocks } = slackMessage(notice(usedUp), 'en');

    expect(text).toBe(
      '🔴 Budget atendimento-dia is used up. Used: R$66.00 of R$50.00. From now on, queries that do not fit are refused.',
    );
    expect(JSON.stringify(blocks)).toContain('`▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓` 132%');
  });

  test('has no bar if the limit is 0', () => {
    const { blocks } = slackMessage(notice({ ...usedUp, limit: 0n }), 'en');

    expect(JSON.stringify(blocks)).not.toMatch(/[▓░]/);
  });

  test('treats names as text: they mention nobody, link to nothing and stay on their line', () => {
    const message = slackMessage(
      notice({
        per: 'person',
        account: '<!channel> &\n<https://bad|good>',
        subject: { team: '<@U1>' },
      }),
      'en',
    );

    expect(message.text).toContain('(person &lt;!channel&gt; &amp; &lt;https://bad|good&gt;)');
    expect(JSON.stringify(message)).not.toMatch(/<[!@h]/);
    expect(message.blocks[1]).toMatchObject({
      elements: [{ text: expect.stringContaining('Team &lt;@U1&gt;') }],
    });
  });

  test('removes characters from names that reverse the direction of text', () => {
    const { text } = slackMessage(notice({ per: 'person', account: 'ana \u202Edesu' }), 'en');

    expect(text).toContain('(person ana \uFFFDdesu)');
  });

  test('stays within Slack’s limits, however long the names are', () => {
    const long = '&'.repeat(5000);
    const message = slackMessage(
      notice({ budget: long, per: 'card', account: long, subject: { team: long, tool: long, card: long } }),
      'pt-BR',
    );

    expect(message.blocks[0]).toMatchObject({ text: { text: expect.stringMatching(/^.{1,3000}$/s) } });
  });
});

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

describe('a JSON message', () => {
  test('is one flat object: amounts as text in named units, instants in UTC, null where nothing applies', () => {
    expect(messageFor(webhook('http://x'), 'id-1', notice())).toEqual({
      kind: 'budget_threshold',
      id: 'id-1',
      message:
        'Budget atendimento-dia has reached 80% of its limit. Used: R$41.00 of R$50.00. ' +
        'Reserved by queries under way: R$2.00. ' +
        'At this pace it is used up on Nov 24, 2026, 14:30 (America/Sao_Paulo). ' +
        'If you need more, ask #finops (Slack).',
      budget: 'atendimento-dia',
      per: null,
      account: null,
      team: 'atendimento',
      principal: null,
      person: null,
      dashboard: null,
      card: null,
      project: null,
      tool: null,
      whenExceeded: 'deny',
      window: 'day',
      windowKey: '2026-11-24',
      windowStart: '2026-11-24T03:00:00.000Z',
      windowEnd: '2026-11-25T03:00:00.000Z',
      timeZone: 'America/Sao_Paulo',
      contact: '#finops (Slack)',
      threshold: 80,
      reachedAt: '2026-11-24T15:00:00.000Z',
      unit: 'micros',
      currency: 'BRL',
      limit: '50000000',
      used: '41000000',
      reserved: '2000000',
      usedPercent: 82,
      projected: '82000000',
      usedUpAt: '2026-11-24T17:30:00.000Z',
    });
  });

  test('names the unit of amounts other than money, and an account with its kind', () => {
    const sample = notice({
      unit: 'bytes',
      limit: 2n ** 60n,
      per: 'person',
      account: 'ana',
      window: 'rolling-6h',
      windowKey: 'rolling-6h@2026-11-24T12:00:00.000Z',
      windowStartMs: noon - 6 * HOUR,
      windowEndMs: noon,
    });

    expect(messageFor(webhook('http://x'), 'id-1', sample)).toMatchObject({
      unit: 'bytes',
      currency: null,
      limit: '1152921504606846976',
      per: 'person',
      account: 'ana',
      window: 'rolling-6h',
      windowKey: null,
      windowStart: '2026-11-24T09:00:00.000Z',
    });
  });
});

test('the documentation shows the messages exactly as they are sent', async () => {
  const docs = await readFile('docs/budgets.md', 'utf8');
  const sample = notice();
  const [section, context] = slackMessage(sample, 'en').blocks;

  const json: unknown = JSON.parse(
    /```json\n(\{\n {2}"kind": "budget_threshold".*?)```/s.exec(docs)?.[1] ?? '',
  );

  expect(json).toEqual({ ...jsonMessage('', sample, 'en'), id: expect.any(String) });
  const shown = docs.replace(/\s+/g, ' ');
  for (const text of [section?.text?.text, context?.elements?.[0]?.text]) {
    expect(shown).toContain(text?.replace(/[*`]/g, '').replace(/\s+/g, ' '));
  }
});
