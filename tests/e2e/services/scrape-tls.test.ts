import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Authority, createAuthority, type Issued } from '../../transport/authority.ts';
import { eventually, useHouse } from '../guardrail.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';

let authority: Authority;
let shown: Issued;
let prometheus: Prometheus | null = null;

beforeAll(async () => {
  authority = await createAuthority();
  shown = await authority.issue('short-lived', 2);
});
afterAll(() => authority?.remove());

const house = useHouse({
  sandbox: { messages: 1_000 },
  settings: () => ({
    ops_tls_certificate: shown.certificate,
    ops_tls_key: shown.key,
    ops_tls_client_ca: authority.certificate,
  }),
});

beforeAll(async () => {
  const own = await authority.issue('prometheus');
  const files = { ca_file: authority.certificate, cert_file: own.certificate, key_file: own.key };
  prometheus = await startPrometheus(new URL(house.guardrail().opsUrl).host, await asDocumented(files));
});
afterAll(() => prometheus?.close());

/** The connection settings that docs/tls.md gives for Prometheus, with the files of these tests. */
async function asDocumented(files: Readonly<Record<string, string>>): Promise<object> {
  const page = await readFile('docs/tls.md', 'utf8');
  const { scrape_configs } = parse(/```yaml\n(scrape_configs:.*?)```/s.exec(page)?.[1] ?? '');
  const { scheme, tls_config } = scrape_configs[0];
  expect(Object.keys(tls_config)).toEqual(Object.keys(files));
  return { scheme, tls_config: files };
}

test('Prometheus scrapes with a client certificate as in docs/tls.md, and notices one about to expire', async () => {
  await eventually(async () => {
    expect(await prometheus?.query('up{job="guardrail"}')).toEqual([1]);
    const left =
      (await prometheus?.query('guardrail_tls_certificate_expiry_timestamp_seconds - time()')) ?? [];
    expect(left).toHaveLength(1);
    expect(left[0]).toBeGreaterThan(86_400);
    expect(left[0]).toBeLessThanOrEqual(2 * 86_400);
    const rules = (await prometheus?.rules()) ?? [];
    expect(rules.find(({ name }) => name === 'CertificateExpiring')).toMatchObject({ state: 'pending' });
  }, 60_000);
});
