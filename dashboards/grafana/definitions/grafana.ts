import type { Language } from '../../../src/foundation/text/language.ts';
import { type Dashboard, inLanguage, type Panel, type Query, type Row } from './panel.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills in its own variable
const PROMETHEUS = { type: 'prometheus', uid: '${datasource}' };
const COLUMNS = 24;
const HEIGHTS = { stat: 5, bargauge: 8, timeseries: 8 } as const;

/** Where a panel stands, in Grafana's grid. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/** A dashboard as the JSON that Grafana loads from a file. */
export function grafanaJson(dashboard: Dashboard, language: Language): string {
  const json = {
    uid: `${dashboard.uid}-${language.toLowerCase()}`,
    title: inLanguage(dashboard.title, language),
    description: inLanguage(dashboard.about, language),
    tags: ['guardrail', 'bigquery'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    timezone: 'browser',
    refresh: '30s',
    time: { from: dashboard.from, to: 'now' },
    templating: { list: variables(language) },
    panels: placed(dashboard.rows, language),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function variables(language: Language): readonly object[] {
  return [
    { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' },
    {
      name: 'team',
      type: 'query',
      label: inLanguage(['Team', 'Time'], language),
      datasource: PROMETHEUS,
      query: { query: 'label_values(guardrail_queries_total, team)', refId: 'team' },
      includeAll: true,
      multi: true,
      allValue: '.*',
      current: { text: inLanguage(['All', 'Todos'], language), value: '$__all' },
      refresh: 2,
    },
  ];
}

/** Rows from top to bottom, and in each the panels from left to right, in lines of 24 columns. */
function placed(rows: readonly Row[], language: Language): readonly object[] {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    panels.push(rowJson(row, y, panels.length + 1, language));
    y += 1;
    let x = 0;
    let lineHeight = 0;
    for (const panel of row.panels) {
      if (x + panel.width > COLUMNS) {
        y += lineHeight;
        x = 0;
        lineHeight = 0;
      }
      panels.push(panelJson(panel, { x, y }, panels.length + 1, language));
      x += panel.width;
      lineHeight = Math.max(lineHeight, HEIGHTS[panel.kind]);
    }
    y += lineHeight;
  }
  return panels;
}

function rowJson(row: Row, y: number, id: number, language: Language): object {
  return {
    id,
    type: 'row',
    title: inLanguage(row.title, language),
    collapsed: false,
    gridPos: { h: 1, w: COLUMNS, x: 0, y },
    panels: [],
  };
}

function panelJson(panel: Panel, { x, y }: Place, id: number, language: Language): object {
  return {
    id,
    type: panel.kind,
    title: inLanguage(panel.title, language),
    description: inLanguage(panel.about, language),
    datasource: PROMETHEUS,
    gridPos: { h: HEIGHTS[panel.kind], w: panel.width, x, y },
    targets: panel.queries.map((query, index) => target(query, index, panel, language)),
    fieldConfig: { defaults: { unit: panel.unit, min: 0, ...thresholds(panel) }, overrides: [] },
    options: panel.kind === 'bargauge' ? { orientation: 'horizontal', displayMode: 'gradient' } : {},
  };
}

function target({ expr, legend = '' }: Query, index: number, panel: Panel, language: Language): object {
  return {
    refId: String.fromCharCode(65 + index),
    datasource: PROMETHEUS,
    expr,
    legendFormat: typeof legend === 'string' ? legend : inLanguage(legend, language),
    ...(panel.exemplars ? { exemplar: true } : {}),
  };
}

function thresholds({ limits }: Panel): object {
  if (limits === undefined) return {};
  const steps = [
    { color: 'green', value: null },
    { color: 'orange', value: limits[0] },
    { color: 'red', value: limits[1] },
  ];
  return { color: { mode: 'thresholds' }, thresholds: { mode: 'absolute', steps } };
}
