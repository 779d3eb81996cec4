import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { post } from '../../src/foundation/outbound/post.ts';
import { VERSION } from '../../src/foundation/version.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { createOtlpTracing } from '../../src/tracing/otlp.ts';
import { guardrail } from '../e2e/command-line.ts';
import { littleServer } from '../little-server.ts';
import { startCollector } from '../tracing/collector.ts';

test('the version is the same in the package, its lock file and the newest entry of the changelog', () => {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const [, newest] = /^## \[(\d+\.\d+\.\d+)\]/m.exec(readFileSync('CHANGELOG.md', 'utf8')) ?? [];

  expect([lock.version, lock.packages[''].version, newest]).toEqual([VERSION, VERSION, VERSION]);
});

test('the Kubernetes manifests use the image of this version', () => {
  const kustomization = parse(readFileSync('deploy/kubernetes/kustomization.yaml', 'utf8'));

  expect(kustomization.images).toMatchObject([{ newTag: VERSION }]);
});

test('the command line prints the version', { timeout: 60_000 }, async () => {
  expect(await guardrail(['--version'])).toMatchObject({ code: 0, stdout: `${VERSION}\n` });
});

test('requests to webhooks have the version in their user agent', async () => {
  const server = await littleServer((response) => response.end());

  await post({ url: server.url, body: '{}', timeoutMs: 5000 });

  expect(server.seen[0]?.headers['user-agent']).toBe(`guardrail/${VERSION}`);
});

test('traces and metrics contain the version', async () => {
  const collector = await startCollector();
  const tracing = createOtlpTracing({ endpoint: collector.endpoint, sample: 1, onSpans: () => undefined });

  await tracing.query({}, async () => undefined);
  await tracing.close();

  expect(collector.server.seen[0]?.body).toContain(
    `{"key":"service.version","value":{"stringValue":"${VERSION}"}}`,
  );
  expect(await createMetrics().registry.getSingleMetricAsString('guardrail_build_info')).toContain(
    `guardrail_build_info{version="${VERSION}"} 1`,
  );
});
