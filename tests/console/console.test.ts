import { describe, expect, test } from 'vitest';
import { consoleRouter } from '../../src/console/console.ts';
import type { ConsoleSources } from '../../src/console/sources.ts';
import { budget, pricing } from '../budget/builders.ts';
import { ask } from '../ops/access/ask.ts';
import { ANA, accessWith, serve } from '../ops/access/builders.ts';

const lost = async () => {
  throw new Error('the ledger is gone');
};

/** A console whose ledger fails; also what it logged. */
async function failingConsole() {
  const errors: unknown[] = [];
  const books = { give: lost, revoke: lost, ask: lost, grant: lost, decline: lost, list: lost };
  const sources = {
    policy: () => ({ budgets: [budget()] }),
    questions: { month: lost },
    grants: books,
    grantRequests: books,
    onError: (error: unknown) => errors.push(error),
  };
  const url = await serve(accessWith(), (app) =>
    app.use(consoleRouter(sources as unknown as ConsoleSources)),
  );
  return { url, errors };
}

const browser = { accept: 'text/html,*/*;q=0.8', 'accept-language': 'pt-BR' };
const asAna = { authorization: `Bearer ${ANA}` };

describe('while the ledger fails, a form is answered with a page that says so', () => {
  test.each([
    ['/grants', 'budget=atendimento-dia&amount=5+GiB&to=bia&reason=month-end&hours=24'],
    ['/grants/requests', 'budget=atendimento-dia&amount=5+GiB&to=bia&reason=month-end&hours=24'],
    ['/grants/requests/x/grant', ''],
    ['/grants/requests/x/decline', ''],
    ['/grants/x/revoke', ''],
  ])('%s', async (path, body) => {
    const { url, errors } = await failingConsole();
    const headers = { ...browser, ...asAna, 'content-type': 'application/x-www-form-urlencoded' };

    const answer = await ask(`${url}${path}`, { method: 'POST', headers, body });

    expect(answer.status).toBe(503);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.text).toContain('O livro-razão não respondeu.');
    expect(answer.text).toContain('to=%2Fgrants"');
    expect(errors).toEqual([new Error('the ledger is gone')]);
  });
});

describe('an address at which there is nothing', () => {
  test('is answered with a page that leads on, in a browser', async () => {
    const { url } = await failingConsole();

    const answer = await ask(`${url}/budget`, { headers: { ...browser, ...asAna } });

    expect(answer.status).toBe(404);
    expect(answer.text).toContain('Esta página não existe.');
    expect(answer.text).toContain('href="/budgets"');
  });

  test('leads a browser that nobody knows to where it can sign in', async () => {
    const { url } = await failingConsole();

    const { status, headers } = await ask(`${url}/budget`, {
      headers: { ...browser, host: 'elsewhere.example' },
    });

    expect([status, headers.location]).toEqual([303, '/sign-in?next=%2Fbudget']);
  });

  test('is left to what comes after the console, for programs', async () => {
    const { url } = await failingConsole();

    const answer = await ask(`${url}/budget`, { headers: asAna });

    expect(answer.text).toContain('Cannot GET /budget');
  });
});

/** The question is answered by a process that may be busy. */
test.each(['/', '/budgets'])('%s does not wait for charts that are not drawn', async (path) => {
  const never = () => new Promise<never>(() => undefined);
  const window = { key: '', startMs: Date.now() - 1000, endMs: Date.now() + 1000 };
  const amounts = { limit: 1000n, granted: 0n, used: 0n, reserved: 0n };
  const sources = {
    policy: () => ({ budgets: [budget()], pricing }),
    rejectedPolicy: () => null,
    budgets: { standing: async () => [{ budget: budget(), account: '', window, ...amounts }] },
    records: { list: async () => [] },
    grants: {},
    grantRequests: {},
    questions: {
      month: never,
      spendByTeam: async () => [],
      spendByHour: async () => [],
      savings: never,
      burnDown: never,
    },
  };
  const url = await serve(accessWith(), (app) =>
    app.use(consoleRouter(sources as unknown as ConsoleSources)),
  );

  const answer = await ask(`${url}${path}`, { headers: { ...browser, ...asAna } });

  expect(answer.status).toBe(200);
  expect(answer.text).toContain('data-soon');
  expect(answer.text).toContain('atendimento-dia');
});
