import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { dashboards } from '../../dashboards/grafana/definitions/dashboards.ts';
import { grafanaJson } from '../../dashboards/grafana/definitions/grafana.ts';
import { ownMetrics } from '../metrics/page.ts';
import { dashboardsPage } from './page.ts';

const LANGUAGES = ['en', 'pt-BR'] as const;
const FILES = 'dashboards/grafana/dashboards';

const panels = dashboards.flatMap((dashboard) =>
  dashboard.rows.flatMap((row) => row.panels.map((panel) => ({ dashboard: dashboard.uid, ...panel }))),
);

describe.each(LANGUAGES)('the files of dashboards in %s', (language) => {
  test.each(dashboards)('are what the definition of $uid makes', async (dashboard) => {
    await expect(grafanaJson(dashboard, language)).toMatchFileSnapshot(
      `../../${FILES}/${language}/${dashboard.uid}.json`,
    );
  });

  test('are those of the definitions and no others', async () => {
    const files = await readdir(`${FILES}/${language}`);

    expect(files.toSorted()).toEqual(dashboards.map(({ uid }) => `${uid}.json`).toSorted());
  });
});

describe('the panels', () => {
  test.each(panels)('$dashboard: $title.0 is told in both languages', ({ title, about }) => {
    for (const text of [...title, ...about]) expect(text).not.toBe('');
    expect(about[0]).not.toBe(about[1]);
  });

  test('ask for metrics that the guardrail has, and for rules that are recorded', async () => {
    const rules = await readFile('dashboards/prometheus/rules.yml', 'utf8');
    const recorded = [...rules.matchAll(/record: (\S+)/g)].map(([, name]) => name);
    const known = [...ownMetrics().map(({ name }) => name), ...recorded];

    const asked = panels.flatMap(({ queries }) =>
      queries.flatMap(({ expr }) => expr.match(/\bguardrail[_:][\w:]+/g) ?? []),
    );

    for (const name of asked.filter((one) => !one.startsWith('guardrail_process_')))
      expect(known).toContain(name.replace(/_bucket$/, ''));
    expect(new Set(asked).size).toBeGreaterThan(30);
  });

  test('fit into the 24 columns, and none lies on another', () => {
    for (const dashboard of dashboards) {
      const json = JSON.parse(grafanaJson(dashboard, 'en')) as {
        panels: { gridPos: { x: number; y: number; w: number; h: number } }[];
      };
      const cells = json.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
      );

      expect(new Set(cells).size).toBe(cells.length);
      expect(json.panels.every(({ gridPos }) => gridPos.x + gridPos.w <= 24)).toBe(true);
    }
  });
});

test('Grafana finds the files where its provisioning looks, and a decision behind each exemplar', async () => {
  const read = async (path: string) =>
    parse(await readFile(`dashboards/grafana/provisioning/${path}`, 'utf8'));
  const { providers } = await read('dashboards/guardrail.yaml');
  const { datasources } = await read('datasources/prometheus.yaml');

  expect(providers.map((one: { options: { path: string } }) => one.options.path)).toEqual(
    LANGUAGES.map((language) => `/etc/grafana/dashboards/${language}`),
  );
  expect(datasources[0].jsonData.exemplarTraceIdDestinations[0].name).toBe('decision');
});

test('the page in docs lists every panel, each with the value that it returned', async () => {
  const page = await readFile('docs/dashboards.md', 'utf8');
  const withoutValues = (text: string) => text.replaceAll(/[^|\n]*\|$/gm, '|');

  expect(withoutValues(page)).toBe(withoutValues(dashboardsPage(new Map())));
  expect(page).not.toMatch(/\| +\|$/m);
});
