import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { createMetrics } from '../../../src/metrics/metrics.ts';

const FOLDER = 'dashboards/prometheus';

const ruleFile = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          record: z.string().optional(),
          alert: z.string().optional(),
          expr: z.string(),
          labels: z.record(z.string(), z.string()).default({}),
          annotations: z.record(z.string(), z.string()).default({}),
        }),
      ),
    }),
  ),
});

const rules = ruleFile
  .parse(parse(await readFile(`${FOLDER}/rules.yml`, 'utf8')))
  .groups.flatMap((group) => group.rules);
const alerts = rules.flatMap(({ alert, ...rule }) => (alert === undefined ? [] : [[alert, rule] as const]));
const runbook = await readFile('docs/runbook.md', 'utf8');
const cases = await readFile(`${FOLDER}/rules.test.yml`, 'utf8');

/** Rejects with promtool's output if it finds something wrong. */
const promtool = (...args: readonly string[]) => promisify(execFile)('promtool', args);

describe('the rules for Prometheus', () => {
  test('raise the alerts expected in rules.test.yml, and no others', async () => {
    await expect(promtool('test', 'rules', `${FOLDER}/rules.test.yml`)).resolves.toMatchObject({
      stdout: expect.stringContaining('SUCCESS'),
    });
    // Prometheus needs half a minute of processor time for the cases, which cover days.
  }, 300_000);

  test('are all loaded by the example prometheus.yml', async () => {
    await expect(promtool('check', 'config', `${FOLDER}/prometheus.yml`)).resolves.toMatchObject({
      stdout: expect.stringContaining(`${rules.length} rules found`),
    });
  });

  test('use only metrics that guardrail exports', async () => {
    const exported = (await createMetrics().registry.getMetricsAsJSON()).map(({ name }) => name);
    const used = rules.flatMap(({ expr }) => expr.match(/\bguardrail_\w+/g) ?? []);

    expect(new Set(used).size).toBeGreaterThan(8);
    for (const name of used) expect(exported).toContain(name.replace(/_bucket$/, ''));
  });

  test('have a runbook section for each alert, and the runbook has no others', () => {
    const sections = runbook.match(/^## \w+$/gm) ?? [];

    expect(sections.toSorted()).toEqual(alerts.map(([name]) => `## ${name}`).toSorted());
  });

  test('have every operation of the ledger that may fail in the runbook', () => {
    const table = runbook.slice(runbook.indexOf('## LedgerErrors'), runbook.indexOf('## EntriesSpooled'));
    const counted = globSync('src/**/*.ts').flatMap((path) => [
      ...readFileSync(path, 'utf8').matchAll(/ledgerErrors\.inc\(\{ operation: '([^']+)'/g),
    ]);
    const operations = new Set(counted.map(([, operation]) => operation));

    expect(operations.size).toBeGreaterThan(8);
    for (const operation of operations) expect(table).toContain(`\`${operation}\``);
  });

  test.each(alerts)(
    'include %s with a summary, an action and a runbook link, and a case in which it fires',
    (name, rule) => {
      expect(Object.keys(rule.annotations)).toEqual(['summary', 'description', 'action', 'runbook_url']);
      expect(rule.annotations['runbook_url']).toBe(`docs/runbook.md#${name.toLowerCase()}`);
      expect(rule.labels['severity']).toMatch(/^(critical|warning)$/);
      expect(cases).toMatch(
        new RegExp(`ALERTS\\{alertname="${name}", alertstate="firing"|alertname: ${name}\\n`),
      );
    },
  );
});
