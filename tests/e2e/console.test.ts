import { describe, expect, test } from 'vitest';
import { useHouse } from './guardrail.ts';

const OPERATOR = 'token-of-ana-the-operator';
const VIEWER = 'token-of-vera-the-viewer';
const OTHER_VIEWER = 'token-of-victor-the-viewer';

const house = useHouse({
  sandbox: { messages: 3000 },
  settings: { operator_tokens: `ana=${OPERATOR}`, viewer_tokens: `vera=${VIEWER},victor=${OTHER_VIEWER}` },
});

const at = (path: string) => `${house.guardrail().opsUrl}${path}`;

async function send(
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Record<string, string> = {},
) {
  return fetch(at(path), {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: house.guardrail().opsUrl, ...headers },
    body: new URLSearchParams(fields),
  });
}

const wanted = { budget: 'atendimento-day', amount: '5 GiB', to: 'Bia', reason: 'month-end', hours: '24' };
const asAna = { authorization: `Bearer ${OPERATOR}` };
const asVera = { authorization: `Bearer ${VIEWER}` };
const asVictor = { authorization: `Bearer ${OTHER_VIEWER}` };

describe('a form of the console', () => {
  test.each([
    ['another unit', { amount: '50 BRL' }],
    ['For', { hours: '0' }],
    ['no such budget', { budget: 'nobody' }],
    ['one account', { account: 'metabase:12' }],
    ['fill in every field', { reason: ' ' }],
  ])(
    'with an invalid value is answered 400 with the problem (%s), and keeps what was typed',
    async (words, changes) => {
      const answer = await send('/grants/requests', { ...wanted, ...changes }, asVera);

      expect(answer.status).toBe(400);
      const page = await answer.text();
      expect(page).toContain('role="alert"');
      expect(page.toLowerCase()).toContain(words.toLowerCase());
      expect(page).toContain('value="Bia"');
    },
  );

  test('is refused when it comes from a page on another site', async () => {
    const answer = await send('/grants/requests', wanted, { origin: 'https://elsewhere.example' });

    expect([401, 403]).toContain(answer.status);
    const { requests } = (await (
      await fetch(at('/api/v1/grants/requests?all=true'), { headers: asAna })
    ).json()) as { readonly requests: readonly unknown[] };
    expect(requests).toEqual([]);
  });

  test('does not let a viewer give a grant', async () => {
    const answer = await send('/grants', wanted, asVera);

    expect(answer.status).toBe(403);
    const { grants } = await house.ops('/api/v1/grants');
    expect(grants ?? []).toEqual([]);
  });
});

describe('a request for a grant', () => {
  test('is filed by a viewer, granted by an operator, and cannot be answered a second time', async () => {
    const filed = await fetch(at('/api/v1/grants/requests'), {
      method: 'POST',
      headers: { ...asVera, 'content-type': 'application/json' },
      body: JSON.stringify({
        budget: wanted.budget,
        amount: wanted.amount,
        to: wanted.to,
        reason: wanted.reason,
        until: new Date(Date.now() + 3_600_000).toISOString(),
      }),
    });
    const { id } = (await filed.json()) as { readonly id: string };

    const first = await fetch(at(`/api/v1/grants/requests/${id}/grant`), { method: 'POST', headers: asAna });
    const second = await fetch(at(`/api/v1/grants/requests/${id}/decline`), {
      method: 'POST',
      headers: asAna,
    });

    expect([filed.status, first.status, second.status]).toEqual([201, 201, 404]);
    const given = await (await fetch(at('/api/v1/grants'), { headers: asAna })).json();
    expect(given).toMatchObject({ grants: [{ budget: wanted.budget, grantedTo: 'Bia', grantedBy: 'ana' }] });
    const waiting = await (await fetch(at('/api/v1/grants/requests'), { headers: asAna })).json();
    expect(waiting).toEqual({ requests: [], more: false });
    const page = await fetch(at('/grants'), { headers: asAna });
    expect(await page.text()).toContain('granted by ana');
  });

  test('is refused, by form and by API, when the same person has too many unanswered requests', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 20; i += 1) statuses.push((await send('/grants/requests', wanted, asVictor)).status);

    const form = await send('/grants/requests', wanted, asVictor);
    const { hours: _, ...body } = { ...wanted, until: new Date(Date.now() + 3_600_000).toISOString() };
    const api = await fetch(at('/api/v1/grants/requests'), {
      method: 'POST',
      headers: { ...asVictor, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

    expect(new Set(statuses)).toEqual(new Set([303]));
    expect([form.status, api.status]).toEqual([429, 429]);
    expect(await form.text()).toContain('Too many of your requests have no answer yet');
    expect(await api.json()).toEqual({
      error: '20 requests of yours have no answer yet: ask an operator to answer them first',
    });
  });

  test('is shown to viewers without its reason and the person it is for', async () => {
    await send('/grants/requests', { ...wanted, to: 'Carla', reason: 'a secret reason' }, asVera);

    const page = await (await fetch(at('/grants'), { headers: asVera })).text();

    expect(page).toContain('atendimento-day');
    expect(page).not.toContain('a secret reason');
    expect(page).not.toContain('Carla');
  });
});

test("a missing page is answered 404 in the visitor's language", async () => {
  const answer = await fetch(at('/decisions/nothing'), {
    headers: { ...asAna, 'accept-language': 'pt-BR,pt;q=0.9' },
  });

  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('Não encontrado');
});

test('switching the language never redirects to another site', async () => {
  const answer = await fetch(at('/language/en?to=//elsewhere.example/'), { redirect: 'manual' });

  expect(answer.headers.get('location')).toBe('/');
  expect(answer.headers.get('set-cookie')).toContain('guardrail_language=en');
});
