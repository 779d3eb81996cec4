import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { cardIn, dashboardIn, names } from './audit-figures.ts';
import { useAudits } from './audits.ts';
import { ATENDIMENTO, FINOPS } from './guardrail.ts';

const { house, audit, billed } = useAudits();

describe('an audit', () => {
  test("applies the rules of the team named with --as: FinOps' own rule refuses cards without a partition filter", async () => {
    const { report } = await audit('examples/metabase/export', { as: FINOPS, token: `sandbox:${FINOPS}` });

    const held = report.cards.filter(({ rules }) =>
      rules.some(({ rule }) => rule === 'finops-partition-filter'),
    );
    expect(report.team).toBe('FinOps');
    expect(held.map(({ name }) => name)).toEqual(['Recebido por método']);
    expect(report.total.refusedCards).toBe(0);
  });

  test('asks about a principal of the team named with --as, and says which: a rule may name it', async () => {
    const folder = await temporaryFolder();
    await cp(house.policies(), folder, { recursive: true });
    const rule =
      '{ name: of-metabase, mode: warn, when: caller.principal.startsWith("metabase-"), message: Costly. }';
    await writeFile(join(folder, 'own.yaml'), `version: 1\nrules: [${rule}]\n`);

    const { report, text } = await audit('examples/metabase/export', {}, folder);

    expect(report.principal).toBe(ATENDIMENTO);
    expect(text).toContain(`The rules were asked about ${ATENDIMENTO}, of Atendimento.`);
    const priced = report.cards.filter(({ state }) => state === 'priced');
    expect(priced.map(({ rules }) => rules.some((hit) => hit.rule === 'of-metabase'))).toEqual(
      priced.map(() => true),
    );
  });

  test("counts cached results: with Metabase's cache of six hours, a card runs twice in ten hours", async () => {
    const { report } = await audit('examples/metabase/api', { viewsPerDay: 100 });

    const runs = dashboardIn(report, 'Conciliação').cards.map(({ card, runsPerMonth }) => [
      names(report, [card])[0],
      runsPerMonth,
    ]);
    expect(new Map(runs.map(([name, many]) => [name, many]))).toEqual(
      new Map([
        ['Conciliação diária por gestora', 44],
        ['Recebido por método', 44],
        ['Entradas do mês por forma de pagamento', 44],
        // Its own cache policy is a schedule, which the audit does not count.
        ['Planilha de conciliação', 2200],
      ]),
    );
  });

  test('also prices a folder of SQL files', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'all.sql'), 'SELECT * FROM messages [[WHERE created_at >= {{since}}]]');
    await writeFile(join(folder, 'some.sql'), 'SELECT channel FROM tickets');

    const { report } = await audit(folder, { dataset: 'atendimento' });

    const expected =
      (await billed('SELECT * FROM atendimento.messages')) +
      (await billed('SELECT channel FROM atendimento.tickets'));
    expect(report.dashboards).toMatchObject([{ name: '.', perView: { bytesBilled: expected } }]);
    expect(cardIn(report, 'all.sql').rules.map(({ rule }) => rule)).toContain('no-star-over-messages');
  });

  test('writes a page, JSON and CSV files, and a summary', async () => {
    const folder = await temporaryFolder();

    const { report, text, written } = await audit('examples/metabase/api', {
      out: folder,
      language: 'pt-BR',
    });

    const files = (await readdir(folder)).sort();
    expect(written.map((path) => path.slice(folder.length + 1)).sort()).toEqual(files);
    expect(files).toEqual([
      'audit-cards.csv',
      'audit-dashboards.csv',
      'audit-duplicates.csv',
      'audit-legacy-tables.csv',
      'audit.html',
      'audit.json',
    ]);
    const page = await readFile(join(folder, 'audit.html'), 'utf8');
    expect(page).toContain('<html lang="pt-BR">');
    for (const { name } of report.cards) expect(page).toContain(name);
    expect(page).not.toMatch(/(src|href)="/);
    const json = JSON.parse(await readFile(join(folder, 'audit.json'), 'utf8'));
    expect(json.dashboards[0].perView.bytesBilled).toBe(String(report.dashboards[0]?.perView.bytesBilled));
    expect(await readFile(join(folder, 'audit-cards.csv'), 'utf8')).toContain('no-star-over-messages (deny)');
    expect(text).toContain('Satisfação por agente (quebrado): the warehouse rejected it: invalidQuery');
  });

  test.each([
    ['the path does not exist', 'examples/nothing', {}, /There is nothing to audit at examples\/nothing/],
    [
      'no policy defines the team',
      'examples/metabase/api',
      { as: 'vendas' },
      /No policy file defines a team "vendas"/,
    ],
    [
      'the warehouse rejects the credentials',
      'examples/metabase/api',
      { token: 'nobody' },
      /so nothing is priced\. .*invalid authentication/,
    ],
    [
      'the folder is not a Metabase export',
      'dashboards/prometheus',
      {},
      /YAML files is a card: expected files with "serdes\/meta"/,
    ],
  ])('fails with the reason where %s', async (_why, path, changes, message) => {
    await expect(audit(path, changes)).rejects.toThrow(message);
  });
});
