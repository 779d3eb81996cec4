import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { raw } from './raw.ts';
import { guardrailBefore, QUERIES, warehouse } from './scripted-warehouse.ts';

const MIB = 1n << 20n;
const query = JSON.stringify({ query: 'SELECT COUNT(DISTINCT a) FROM d.t', useLegacySql: false });

async function policiesWithCap(cap: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(
    join(folder, 'policy.yaml'),
    `version: 1
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
rules:
  - name: no-exact-count
    mode: deny
    when: '"exact-count-distinct" in query.antipatterns'
    message: Take an approximate count.
  - { name: query-cap, maximum_bytes_billed: ${cap} }
`,
  );
  return folder;
}

test.each([
  ['UPPER_BOUND', '150 MiB', true],
  ['UPPER_BOUND', '50 MiB', false],
  ['PRECISE', '150 MiB', true],
  ['PRECISE', '50 MiB', false],
])(
  'a rewrite estimated at 100 MiB (%s), with a cap of %s, is offered with passes: %s',
  async (accuracy, cap, passes) => {
    const upstream = await warehouse((request) => ({
      totalBytesProcessed: String(request.includes('APPROX') ? 100n * MIB : 200n * MIB),
      totalBytesProcessedAccuracy: accuracy,
      statementType: 'SELECT',
    }));
    const { guardrail } = await guardrailBefore(upstream, { policies: await policiesWithCap(cap) });

    const { status, json } = await raw(guardrail.proxyUrl, 'POST', QUERIES, query);

    expect(status).toBe(403);
    expect(json.error.details[0].rewrites).toMatchObject([
      { changes: [{ kind: 'approximate' }], bytesBilled: String(100n * MIB), passes },
    ]);
  },
);
