import { expect } from 'vitest';
import { useHouse } from './guardrail.ts';

/** The operator's, Ana's. */
export const TOKEN = 'token-of-ana-0123456789';
export const VIEWER = 'token-of-bia-0123456789';
const TEAMS = ['api', 'expiring', 'persons', 'cli'] as const;
type Team = (typeof TEAMS)[number];
const principal = (team: Team) => `${team}@guardrail-demo.example`;

/** Each budget has room for one query of 10 MiB, and not for two. */
export const POLICY = `version: 1
teams:
${TEAMS.map((team) => `  - { name: ${team}, language: en, principals: ["${principal(team)}"] }`).join('\n')}
budgets:
  - { name: api-day, team: api, window: day, limit: 15 MiB }
  - { name: expiring-day, team: expiring, window: day, limit: 15 MiB }
  - { name: persons-day, team: persons, per: person, window: day, limit: 15 MiB }
  - { name: cli-day, team: cli, window: day, limit: 15 MiB }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`;

export const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
export const template = {
  budget: 'api-day',
  amount: '10 MiB',
  reason: 'month end',
  to: 'Bia',
  until: inHours(1),
};

/** A house with an operator and a viewer, in which each team may send one query. */
export function useGrantingHouse() {
  const house = useHouse({
    sandbox: { messages: 3_000 },
    policies: { 'grants.yaml': POLICY },
    settings: {
      operator_tokens: { ana: TOKEN, rui: 'token-of-rui-0123456789' },
      viewer_tokens: { bia: VIEWER },
      anonymous_role: 'analyst',
    },
  });

  let sent = 0;

  /** Null if a query of 10 MiB passes, else the message of its refusal. */
  async function refusal(team: Team, person?: number): Promise<string | null> {
    sent += 1;
    const remark =
      person === undefined ? '' : `-- Metabase:: userID: ${person} queryType: native queryHash: 0a\n`;
    try {
      await house
        .client(principal(team))
        .query(`${remark}SELECT COUNT(*) AS n, ${sent} AS x FROM atendimento.tickets WHERE subject != ''`);
      return null;
    } catch (error) {
      expect(error).toMatchObject({ code: 403, errors: [{ reason: 'quotaExceeded' }] });
      return (error as Error).message;
    }
  }

  function write(
    method: string,
    path: string,
    {
      body,
      token = TOKEN,
      opsUrl = house.guardrail().opsUrl,
    }: { body?: unknown; token?: string; opsUrl?: string },
  ) {
    return fetch(`${opsUrl}/api/v1/grants${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: typeof body === 'string' ? body : (JSON.stringify(body) ?? null),
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: looked into by expectations only
  async function give(body: Partial<typeof template> & { account?: string }): Promise<any> {
    const response = await write('POST', '', { body: { ...template, ...body } });
    expect(response.status).toBe(201);
    return response.json();
  }

  return { house, refusal, write, give };
}
