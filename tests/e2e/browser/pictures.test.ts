import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../temporary-folder.ts';
import { guardrail } from '../command-line.ts';
import { ATENDIMENTO, eventually, useHouse } from '../guardrail.ts';
import { aMonth } from './a-month.ts';
import { PHONE, useBrowser, WIDE } from './browser.ts';
import { aMorning, ask, SQL } from './traffic.ts';

/** The folder for the pictures of the documentation; without it none are taken. */
const folder = process.env['PICTURES'];

const FILES = ['atendimento', 'catalog', 'common', 'engenharia-de-dados', 'finops', 'pricing'];

/** The example policies, with daily budgets that suit a company with this traffic. */
const policies = Object.fromEntries(
  await Promise.all(
    FILES.map(async (name) => {
      const text = await readFile(`policies/${name}.yaml`, 'utf8');
      return [
        `${name}.yaml`,
        text.replaceAll(/limit: (\d+) GiB/g, (_whole, gib) => `limit: ${Number(gib) * 25} GiB`),
      ] as const;
    }),
  ),
);

const house = useHouse({
  sandbox: { messages: 1_000_000 },
  policies,
  settings: { operator_tokens: 'ana=token-of-ana-the-operator' },
});
const browser = useBrowser();

const PAGES = ['overview', 'decision', 'budgets', 'rules', 'tables'] as const;

beforeAll(async () => {
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await aMonth(house);
  await aMorning(house);
});

test.runIf(folder !== undefined)(
  'pictures of the console are taken, at the widths of a screen and of a phone',
  async () => {
    const id = await ask(house, { sql: SQL.star, person: 33, dashboard: 5, card: 12 });
    const at = (page: (typeof PAGES)[number]) => {
      const paths = { overview: '/', decision: `/decisions/${id}` } as const;
      return `${house.guardrail().opsUrl}${page === 'overview' || page === 'decision' ? paths[page] : `/${page}`}`;
    };
    for (const name of PAGES) {
      await eventually(async () => {
        const page = await (await fetch(at(name))).text();
        expect(page).not.toContain('data-soon');
        if (name === 'decision') expect(page).toContain('id="rewrites"');
      }, 60_000);
      for (const [width, options] of [
        ['1280', { viewport: { ...WIDE, height: 1180 } }],
        ['390', { viewport: PHONE, locale: 'pt-BR', colorScheme: 'dark' }],
      ] as const) {
        const page = await browser.open(at(name), options);
        if (name === 'overview') await page.locator('#feed-state[data-state="on"]').waitFor();
        await page.screenshot({ path: join(String(folder), `console-${name}-${width}.png`) });
        await page.context().close();
      }
    }
  },
);

test.runIf(folder !== undefined)(
  'pictures of the pages that commands write are taken, in Portuguese',
  async () => {
    const out = await temporaryFolder();
    const environment = { GUARDRAIL_LEDGER: house.ledger(), GUARDRAIL_POLICIES: house.policies() };
    const month = new Date().toISOString().slice(0, 'yyyy-mm'.length);
    const warehouse = ['--endpoint', house.sandbox().url, '--token', `sandbox:${ATENDIMENTO}`];
    const commands = [
      ['showback', '--month', month, '--out', out],
      ['audit', 'examples/metabase/api', '--as', 'atendimento', '--out', out, ...warehouse],
    ];
    for (const words of commands) expect(await guardrail(words, environment)).toMatchObject({ code: 0 });

    for (const [name, file] of [
      ['showback', `showback-${month}.html`],
      ['audit', 'audit.html'],
    ] as const) {
      const page = await browser.open(`file://${join(out, file)}`, {
        viewport: { width: 1000, height: 1240 },
      });
      await page.screenshot({ path: join(String(folder), `${name}.png`) });
    }
  },
);
