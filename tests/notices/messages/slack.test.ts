import { describe, expect, test } from 'vitest';
import { slackMessage } from '../../../src/notices/messages/slack.ts';
import { notice, usedUp } from '../builders.ts';

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

  test('is red as soon as exactly the limit is used', () => {
    expect(slackMessage(notice({ ...usedUp, used: 50_000_000n }), 'en').text).toMatch(/^🔴/);
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
