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

describe.each(LANGUAGES)('the dashboard files in %s', (language) => {
  test.each(dashboards)('are what is generated from the definition of $uid', async (dashboard) => {
    await expect(grafanaJson(dashboard, language)).toMatchFileSnapshot(
      `../../${FILES}/${language}/${dashboard.uid}.json`,
    );
  });

  test('are exactly one for each definition', async () => {
    const files = await readdir(`${FILES}/${language}`);

    expect(files.toSorted()).toEqual(dashboards.map(({ uid }) => `${uid}.json`).toSorted());
  });
});

describe('the dashboard panels', () => {
  test.each(panels)('have texts in both languages: $dashboard, $title.0', ({ title, about }) => {
    for (const text of [...title, ...about]) expect(text).not.toBe('');
    expect(about[0]).not.toBe(about[1]);
  });

  test('use only metrics that guardrail exports, and series that rules record', async () => {
    const rules = await readFile('dashboards/prometheus/rules.yml', 'utf8');
    const recorded = [...rules.matchAll(/record: (\S+)/g)].map(([, name]) => name);
    const known = [...ownMetrics().map(({ name }) => name), ...recorded];

    const used = panels.flatMap(({ queries }) =>
      queries.flatMap(({ expr }) => expr.match(/\bguardrail[_:][\w:]+/g) ?? []),
    );

    for (const name of used.filter((one) => !one.startsWith('guardrail_process_')))
      expect(known).toContain(name.replace(/_bucket$/, ''));
    expect(new Set(used).size).toBeGreaterThan(30);
  });

  test('fit into 24 columns without overlapping', () => {
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

test('the provisioning of Grafana names the folders of dashboards, and links exemplars by decision', async () => {
  const read = async (path: string) =>
    parse(await readFile(`dashboards/grafana/provisioning/${path}`, 'utf8'));
  const { providers } = await read('dashboards/guardrail.yaml');
  const { datasources } = await read('datasources/prometheus.yaml');

  expect(providers.map((one: { options: { path: string } }) => one.options.path)).toEqual(
    LANGUAGES.map((language) => `/etc/grafana/dashboards/${language}`),
  );
  expect(datasources[0].jsonData.exemplarTraceIdDestinations[0].name).toBe('decision');
});

test('docs/dashboards.md lists every panel with the value that it returned', async () => {
  const page = await readFile('docs/dashboards.md', 'utf8');
  const withoutValues = (text: string) => text.replaceAll(/[^|\n]*\|$/gm, '|');

  expect(withoutValues(page)).toBe(withoutValues(dashboardsPage(new Map())));
  expect(page).not.toMatch(/\| +\|$/m);
});
