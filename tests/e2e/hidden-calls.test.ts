import { beforeAll, expect, test } from 'vitest';
import { useHouse } from './guardrail.ts';

const RULES = `
rules:
  - name: work-of-other-services
    mode: deny
    when: query.outside_services.size() > 0
    message: \${query.outside_services.join(", ")} is work that no budget counts.
  - name: unread-definitions
    mode: deny
    when: query.unread_definitions.size() > 0
    message: guardrail cannot read \${query.unread_definitions.join(", ")}.
`;

const house = useHouse({
  policies: {
    'all.yaml': `
version: 1
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
${RULES}`,
  },
});

beforeAll(async () => {
  const direct = house.direct();
  await direct.query(
    "CREATE VIEW atendimento.summaries AS SELECT ticket_id, AI.GENERATE('in short').result AS summary FROM atendimento.tickets",
  );
  await direct.query(
    'CREATE VIEW atendimento.short_list AS SELECT ticket_id FROM `guardrail-demo.atendimento.summaries`',
  );
});

test('a query over a view that calls a model is refused, as if it called the model itself', async () => {
  await expect(house.client().query('SELECT summary FROM atendimento.summaries')).rejects.toThrow(
    'AI.GENERATE is work that no budget counts.',
  );
});

test('so is a query over a view of that view', async () => {
  await expect(house.client().query('SELECT ticket_id FROM atendimento.short_list')).rejects.toThrow(
    'AI.GENERATE is work that no budget counts.',
  );
});

test('a query over tables, or over a view that calls no model, runs', async () => {
  const [agents] = await house.client().query('SELECT COUNT(*) AS n FROM atendimento.agents');
  const [days] = await house.client().query('SELECT COUNT(*) AS n FROM atendimento.daily_volume');

  expect([agents.length, days.length]).toEqual([1, 1]);
});
