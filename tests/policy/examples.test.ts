import { describe, expect, test } from 'vitest';
import { readPolicyFolder } from '../../src/policy/document/folder.ts';
import { loadPolicy, policyFrom } from '../../src/policy/load.ts';
import { hits, type QueryOptions, question } from './builders.ts';

const policy = await loadPolicy('policies');
const ATENDIMENTO = 'metabase-atendimento@guardrail-demo.iam.gserviceaccount.com';
const FINOPS = 'metabase-finops@guardrail-demo.iam.gserviceaccount.com';
const MESSAGES = 'guardrail-demo.atendimento.messages';

function decide(sql: string, options: QueryOptions = {}) {
  return policy.decide(question(policy, { sql, principal: ATENDIMENTO, references: [MESSAGES], ...options }));
}

describe('the example policies', () => {
  test('assign principals to their teams', () => {
    const teams = [ATENDIMENTO, FINOPS, 'ana@dados.guardrail-demo.example', 'eve@else.where'].map(
      (principal) => policy.teamOf(principal).name,
    );
    expect(teams).toEqual(['atendimento', 'finops', 'dados', 'unassigned']);
  });

  test.each([
    'SELECT * FROM atendimento.messages',
    'select * from `guardrail-demo.atendimento.messages` limit 10',
    'SELECT * FROM (SELECT * FROM atendimento.messages)',
    'WITH m AS (SELECT * FROM atendimento.messages) SELECT * FROM m',
    "SELECT m.* FROM atendimento.messages AS m JOIN atendimento.tickets AS t ON m.ticket_id = t.ticket_id WHERE t.created_at > '2026-01-01'",
    "SELECT * FROM atendimento.messages WHERE sender = 'ana'",
    'SELECT * FROM atendimento.messages_view',
    'SELECT ticket_id FROM atendimento.tickets UNION ALL SELECT * FROM atendimento.messages',
    'SELECT * EXCEPT (body) FROM atendimento.messages',
  ])('refuse to team atendimento: %s', (sql) => {
    const verdict = decide(sql);
    expect(verdict.outcome).toBe('deny');
    expect(verdict.hits[0]).toMatchObject({
      rule: 'no-star-over-messages',
      message: expect.stringContaining('sem filtro em created_at'),
      source: { file: 'policies/atendimento.yaml' },
    });
  });

  test.each([
    "SELECT * FROM atendimento.messages WHERE created_at >= '2026-11-17'",
    "SELECT * FROM (SELECT * FROM atendimento.messages WHERE DATE(created_at) = '2026-11-17')",
    'SELECT ticket_id, sender FROM atendimento.messages',
    'SELECT COUNT(*) FROM atendimento.messages',
  ])('allow to team atendimento: %s', (sql) => {
    expect(decide(sql)).toMatchObject({ outcome: 'allow', hits: [], maximumBytesBilled: 2n << 30n });
  });

  test('allow a star over messages to team finops', () => {
    expect(decide('SELECT * FROM atendimento.messages', { principal: FINOPS }).outcome).toBe('allow');
  });

  test('warn about legacy tables, naming their replacement, and allow reading them', () => {
    const verdict = decide('SELECT body FROM atendimento.legacy_messages_export', { references: [] });
    expect(verdict.outcome).toBe('allow');
    expect(verdict.hits[0]).toMatchObject({
      rule: 'legacy-table',
      mode: 'warn',
      message: `A consulta usa tabela legada. Troque por: guardrail-demo.atendimento.legacy_messages_export -> ${MESSAGES}`,
    });
  });

  test('flag SQL that cannot be read, and large queries', () => {
    const options = { principal: FINOPS, sql: 'SELECT {{ jinja }} FROM', bytes: 60n << 30n };
    expect(hits(policy, options)).toEqual(['unread-sql warn', 'large-query audit', 'very-large-query warn']);
  });

  test('contain a webhook that is valid once it is uncommented', async () => {
    const texts = await readPolicyFolder('policies');
    const files = texts.files.map(({ file, text }) => ({
      file,
      text: text.replaceAll(/^# (?=webhooks:| {2})/gm, ''),
    }));
    expect(policyFrom('policies', { ...texts, files }).webhooks).toMatchObject([
      { name: 'finops-slack', format: 'slack', address: { variable: 'FINOPS_SLACK_URL' } },
    ]);
  });

  test('have a daily and a monthly budget for each team, and a monthly one for the organisation', () => {
    const namesFor = (principal: string, person: string | null = null) => {
      const team = policy.teamOf(principal).name;
      const caller = { principal, team, tool: 'metabase', person, dashboard: null, card: null };
      return policy
        .coverageOf({ caller, projectId: 'guardrail-demo' })
        .map(({ budget, account }) => budget.name + (account === '' ? '' : ` of ${account}`));
    };

    expect(namesFor(ATENDIMENTO, '12')).toEqual([
      'atendimento-day',
      'atendimento-month',
      'atendimento-person-day of metabase:12',
      'atendimento-metabase-at-once',
      'empresa-month',
    ]);
    expect(namesFor('bia@atendimento.guardrail-demo.example')).not.toContain('atendimento-metabase-at-once');
    expect(namesFor(FINOPS)).toEqual(['empresa-month', 'finops-day', 'finops-month']);
    expect(namesFor('ana@dados.guardrail-demo.example')).toEqual([
      'empresa-month',
      'dados-day',
      'dados-month',
    ]);
    expect(namesFor('eve@else.where')).toEqual(['unassigned-day', 'empresa-month']);
  });
});
