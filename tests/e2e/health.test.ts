import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Authority, createAuthority, type Issued } from '../transport/authority.ts';
import { guardrail } from './command-line.ts';
import { useHouse } from './guardrail.ts';

let authority: Authority;
let ops: Issued;

beforeAll(async () => {
  authority = await createAuthority();
  ops = await authority.issue('ops');
});
afterAll(() => authority.remove());

const inTheClear = useHouse({ sandbox: { messages: 1_000 } });
const overTls = useHouse({
  sandbox: { messages: 1_000 },
  settings: () => ({
    ops_tls_certificate: ops.certificate,
    ops_tls_key: ops.key,
    ops_tls_client_ca: authority.certificate,
  }),
});

test('guardrail health exits 0 and prints the status of a guardrail that is ready', async () => {
  const { host } = new URL(inTheClear.guardrail().opsUrl);

  const ran = await guardrail(['health'], { GUARDRAIL_OPS_LISTEN: host });

  expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('"status":"ready"') });
});

test('guardrail health works over TLS, and shows a client certificate where one is required', async () => {
  const { port } = new URL(overTls.guardrail().opsUrl);
  const settings = { GUARDRAIL_OPS_LISTEN: `0.0.0.0:${port}` };
  const files = { GUARDRAIL_OPS_TLS_CERTIFICATE: ops.certificate, GUARDRAIL_OPS_TLS_KEY: ops.key };

  expect(await guardrail(['health'], { ...settings, ...files })).toMatchObject({ code: 0 });
  expect(await guardrail(['health'], settings)).toMatchObject({ code: 1 });
});

test('guardrail health exits 1 where no guardrail answers', async () => {
  const { host } = new URL(inTheClear.guardrail().opsUrl);
  await inTheClear.stop();

  const ran = await guardrail(['health'], { GUARDRAIL_OPS_LISTEN: host });

  expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining(`No guardrail answers at ${host}`) });
});
