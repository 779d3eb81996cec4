import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { postgresAddress } from '../../src/ledger/postgres/address.ts';
import { settingsSchema } from '../../src/settings/settings.ts';

const RECIPES = [
  'deploy/compose/compose.yaml',
  'deploy/kubernetes/deployment.yaml',
  'deploy/cloud-run/service.yaml',
  'deploy/systemd/guardrail@.service',
  'Dockerfile',
];

/** The files applied to clusters; `kustomization.yaml` is only for kubectl. */
const KUBERNETES = [
  'deploy/cloud-run/service.yaml',
  'deploy/kubernetes/deployment.yaml',
  'deploy/kubernetes/disruption-budget.yaml',
  'deploy/kubernetes/namespace.yaml',
  'deploy/kubernetes/network-policy.yaml',
  'deploy/kubernetes/service.yaml',
];

/** The names of settings in a file, outside its comments, which may name other variables. */
async function settingsIn(file: string): Promise<readonly string[]> {
  const text = (await readFile(file, 'utf8')).replaceAll(/#.*$/gm, '');
  return [...new Set(text.match(/\bGUARDRAIL_[A-Z_]+/g))];
}

async function documents(file: string) {
  return parseAllDocuments(await readFile(file, 'utf8')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}

describe('the deployment recipes', () => {
  test.each(RECIPES)('set only variables that are settings: %s', async (file) => {
    const names = await settingsIn(file);

    const keys = names.map((name) => name.slice('GUARDRAIL_'.length).toLowerCase());
    expect(keys).toContain('ledger');
    expect(keys.filter((key) => !(key in settingsSchema.shape))).toEqual([]);
  });

  test('for compose mount files and folders that exist', async () => {
    const [compose] = await documents('deploy/compose/compose.yaml');

    const services: readonly { volumes?: readonly string[] }[] = Object.values(compose.services);
    const mounted = services
      .flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0] ?? ''))
      .filter((path) => path.startsWith('.'));
    expect(mounted.length).toBeGreaterThan(3);
    expect(mounted.filter((path) => !existsSync(join('deploy/compose', path)))).toEqual([]);
  });

  test('for Kubernetes name resource files that exist, and disable service links in the environment', async () => {
    const [kustomization] = await documents('deploy/kubernetes/kustomization.yaml');
    const [deployment] = await documents('deploy/kubernetes/deployment.yaml');

    const files = kustomization.resources.map((file: string) => join('deploy/kubernetes', file));
    expect(files.filter((file: string) => !existsSync(file))).toEqual([]);
    for (const file of files) for (const { kind } of await documents(file)) expect(kind).toMatch(/^[A-Z]/);
    expect(deployment.spec.template.spec.enableServiceLinks).toBe(false);
  });

  test.each(KUBERNETES)('are valid by the schemas of Kubernetes and Knative: %s', async (file) => {
    for (const resource of await documents(file)) {
      const models = resource.apiVersion.startsWith('serving.knative.dev/')
        ? '@kubernetes-models/knative'
        : 'kubernetes-models';
      const { [resource.kind]: Model } = await import(`${models}/${resource.apiVersion}/${resource.kind}`);

      expect(() => new Model(resource).validate()).not.toThrow();
      expect(() =>
        new Model({ ...resource, metadata: { ...resource.metadata, labels: 1 } }).validate(),
      ).toThrow(/labels/);
    }
  });

  test('run guardrail with a read-only root, without capabilities and without a way to gain any', async () => {
    const [compose] = await documents('deploy/compose/compose.yaml');
    const [deployment] = await documents('deploy/kubernetes/deployment.yaml');

    const { guardrail } = compose.services;
    expect(guardrail).toMatchObject({ read_only: true, cap_drop: ['ALL'], tmpfs: ['/tmp'] });
    expect(guardrail.security_opt).toEqual(['no-new-privileges:true']);
    expect(guardrail.volumes).toEqual(['../../policies:/policies:ro', 'spool:/ledger']);

    const { securityContext, containers, automountServiceAccountToken } = deployment.spec.template.spec;
    expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(automountServiceAccountToken).toBe(false);
    expect(containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const writable = containers[0].volumeMounts.filter(({ readOnly = false }) => !readOnly);
    expect(writable.map(({ mountPath }: { mountPath: string }) => mountPath)).toEqual(['/ledger', '/tmp']);
  });

  test('allow more time to stop than guardrail gives to queries under way', async () => {
    const drainSeconds = 25;
    const [compose] = await documents('deploy/compose/compose.yaml');
    const [deployment] = await documents('deploy/kubernetes/deployment.yaml');

    const { terminationGracePeriodSeconds, containers } = deployment.spec.template.spec;
    const stopped = terminationGracePeriodSeconds - containers[0].lifecycle.preStop.sleep.seconds;
    expect(stopped).toBeGreaterThan(drainSeconds);
    expect(Number.parseInt(compose.services.guardrail.stop_grace_period, 10)).toBeGreaterThan(drainSeconds);
    const unit = await readFile('deploy/systemd/guardrail@.service', 'utf8');
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(drainSeconds);
  });

  test('name ledgers by addresses that guardrail can parse', async () => {
    const page = await readFile('docs/deploying.md', 'utf8');

    const addresses = page.match(/postgres:\/\/[^\s']+/g) ?? [];
    expect(addresses).toHaveLength(3);
    for (const address of addresses)
      expect(() => postgresAddress(address.replaceAll('HOST', 'h'))).not.toThrow();
  });
});

test('docs/deploying.md and docs/tls.md name only variables that are settings', async () => {
  const names = [...(await settingsIn('docs/deploying.md')), ...(await settingsIn('docs/tls.md'))];

  const keys = names.map((name) => name.slice('GUARDRAIL_'.length).toLowerCase());
  expect(keys.filter((key) => !(key in settingsSchema.shape))).toEqual([]);
  expect(keys).toContain('ops_tls_key');
});

describe('the Dockerfile', () => {
  test('copies files that exist, and starts guardrail with the same option as the systemd unit', async () => {
    const dockerfile = await readFile('Dockerfile', 'utf8');

    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    const packages = ['package.json', 'package-lock.json', '.npmrc'];
    expect(copied).toEqual([...packages, ...packages, 'rolldown.config.ts', 'src', 'package.json']);
    expect(copied.filter((name) => !existsSync(name))).toEqual([]);
    const [, option] =
      /^CMD \["node", "(--[a-z-]+=\d+)", "dist\/main\.js", "serve"\]$/m.exec(dockerfile) ?? [];
    expect(option).toBeDefined();
    expect(await readFile('deploy/systemd/guardrail@.service', 'utf8')).toContain(
      `node ${option} src/main.ts`,
    );
  });
});
