import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { freePort } from '../../free-port.ts';
import { eventually } from '../guardrail.ts';

/** A real Prometheus that scrapes one target and evaluates the shipped rules every half second. */
export interface Prometheus {
  /** The samples of an instant query now. */
  query(expression: string): Promise<readonly number[]>;
  rules(): Promise<readonly Rule[]>;
  /** The stored exemplars of a series. */
  exemplars(expression: string): Promise<readonly Exemplar[]>;
  close(): Promise<void>;
}

/** An absolute path, since Prometheus resolves paths from the folder of its settings. */
const RULES = resolve('dashboards/prometheus/rules.yml');

const answer = z.object({
  status: z.literal('success'),
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

const rulesAnswer = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            name: z.string(),
            type: z.enum(['alerting', 'recording']),
            health: z.enum(['ok', 'err', 'unknown']),
            lastError: z.string().optional(),
            state: z.enum(['inactive', 'pending', 'firing']).optional(),
          }),
        ),
      }),
    ),
  }),
});

const exemplarsAnswer = z.object({
  data: z.array(
    z.object({
      seriesLabels: z.record(z.string(), z.string()),
      exemplars: z.array(
        z.object({ labels: z.record(z.string(), z.string()), value: z.string().transform(Number) }),
      ),
    }),
  ),
});

type Exemplar = z.infer<typeof exemplarsAnswer>['data'][number]['exemplars'][number];

/** The state of a rule; only alerting rules have `state`. */
type Rule = z.infer<typeof rulesAnswer>['data']['groups'][number]['rules'][number];

/**
 * @param target `127.0.0.1:8081`
 * @param transport keys of a scrape configuration about the connection, such as `scheme`
 */
export async function startPrometheus(target: string, transport: object = {}): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  const settings = {
    global: { scrape_interval: '500ms', evaluation_interval: '500ms' },
    rule_files: [RULES],
    scrape_configs: [{ job_name: 'guardrail', ...transport, static_configs: [{ targets: [target] }] }],
  };
  // JSON is valid YAML.
  await writeFile(config, JSON.stringify(settings));
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
    ],
    { stdio: 'ignore' },
  );
  const origin = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    const response = await fetch(`${origin}/-/ready`);
    if (!response.ok) throw new Error(`Prometheus is not ready: HTTP ${response.status}`);
  }, 30_000);
  return {
    async query(expression) {
      const response = await fetch(`${origin}/api/v1/query?${new URLSearchParams({ query: expression })}`);
      const body: unknown = await response.json();
      const parsed = answer.safeParse(body);
      if (!parsed.success)
        throw new Error(`Prometheus does not answer ${expression}: ${JSON.stringify(body)}`);
      return parsed.data.data.result.map(({ value }) => Number(value[1]));
    },
    async rules() {
      const response = await fetch(`${origin}/api/v1/rules`);
      return rulesAnswer.parse(await response.json()).data.groups.flatMap(({ rules }) => rules);
    },
    async exemplars(expression) {
      const parameters = new URLSearchParams({
        query: expression,
        start: String(Date.now() / 1000 - 600),
        end: String(Date.now() / 1000 + 60),
      });
      const response = await fetch(`${origin}/api/v1/query_exemplars?${parameters}`);
      return exemplarsAnswer.parse(await response.json()).data.flatMap(({ exemplars }) => exemplars);
    },
    async close() {
      await end(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
