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
    ['missing', { reason: ' ' }],
  ])('that makes no sense tells so (%s), and keeps what was typed', async (words, changes) => {
    const answer = await send('/grants/requests', { ...wanted, ...changes }, asVera);

    expect(answer.status).toBe(400);
    const page = await answer.text();
    expect(page).toContain('role="alert"');
    expect(page.toLowerCase()).toContain(words.toLowerCase());
    expect(page).toContain('value="Bia"');
  });

  test('is not taken from a page of elsewhere', async () => {
    const answer = await send('/grants/requests', wanted, { origin: 'https://elsewhere.example' });

    expect([401, 403]).toContain(answer.status);
    const { requests } = (await (
      await fetch(at('/api/v1/grants/requests?all=true'), { headers: asAna })
    ).json()) as { readonly requests: readonly unknown[] };
    expect(requests).toEqual([]);
  });

  test('gives no grant to who is no operator', async () => {
    const answer = await send('/grants', wanted, asVera);

    expect(answer.status).toBe(403);
    const { grants } = await house.ops('/api/v1/grants');
    expect(grants ?? []).toEqual([]);
  });
});

describe('a request for a grant', () => {
  test('is filed by a viewer, granted by an operator once, and in the journal with its answer', async () => {
    const asked = await fetch(at('/api/v1/grants/requests'), {
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
    const { id } = (await asked.json()) as { readonly id: string };

    const first = await fetch(at(`/api/v1/grants/requests/${id}/grant`), { method: 'POST', headers: asAna });
    const second = await fetch(at(`/api/v1/grants/requests/${id}/decline`), {
      method: 'POST',
      headers: asAna,
    });

    expect([asked.status, first.status, second.status]).toEqual([201, 201, 404]);
    const given = await (await fetch(at('/api/v1/grants'), { headers: asAna })).json();
    expect(given).toMatchObject({ grants: [{ budget: wanted.budget, grantedTo: 'Bia', grantedBy: 'ana' }] });
    const waiting = await (await fetch(at('/api/v1/grants/requests'), { headers: asAna })).json();
    expect(waiting).toEqual({ requests: [], more: false });
  });

  test('is refused where too many of the same person have no answer, by the form and by the API', async () => {
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
    expect(await form.text()).toContain('Many requests of yours have no answer yet');
    expect(await api.json()).toEqual({
      error: '20 requests of yours have no answer yet: ask an operator to answer them first',
    });
  });

  test('tells viewers neither why nor for whom', async () => {
    await send('/grants/requests', { ...wanted, to: 'Carla', reason: 'a secret reason' }, asVera);

    const page = await (await fetch(at('/grants'), { headers: asVera })).text();

    expect(page).toContain('atendimento-day');
    expect(page).not.toContain('a secret reason');
    expect(page).not.toContain('Carla');
  });
});

test('a page that is not there says so in the language of who asks', async () => {
  const answer = await fetch(at('/decisions/nothing'), {
    headers: { ...asAna, 'accept-language': 'pt-BR,pt;q=0.9' },
  });

  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('Não encontrado');
});

test('a switch of the language leads back to a path of this address, whatever it is asked for', async () => {
  const answer = await fetch(at('/language/en?to=//elsewhere.example/'), { redirect: 'manual' });

  expect(answer.headers.get('location')).toBe('/');
  expect(answer.headers.get('set-cookie')).toContain('guardrail_language=en');
});
