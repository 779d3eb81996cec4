import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { type Guardrail, startGuardrail } from '../../../src/service/guardrail.ts';
import { settings } from '../guardrail.ts';
import { type OddUpstream, startOddUpstream } from './odd-upstream.ts';

/** A guardrail, by default with the example policies, in front of an upstream whose answers tests set. */
export interface OddHouse {
  upstream(): OddUpstream;
  guardrail(): Guardrail;
  /** Stops guardrail and starts another on the same ledger. */
  restart(): Promise<void>;
  /** The answer of the operators' API at a path. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape, looked into by expectations only
  ops(path: string): Promise<any>;
}

/** @param policy the text of a policy file in place of the examples */
export function useOddHouse(
  values: Readonly<Record<string, unknown>> = {},
  policy: string | null = null,
): OddHouse {
  let folder = '';
  let upstream: OddUpstream | null = null;
  let guardrail: Guardrail | null = null;

  const start = () =>
    startGuardrail(
      settings({
        upstream: opened(upstream).url,
        ledger: `sqlite:${join(folder, 'ledger.db')}`,
        token_info_url: '',
        ...(policy === null ? {} : { policies: join(folder, 'policies') }),
        ...values,
      }),
      pino({ level: 'silent' }),
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'guardrail-odd-'));
    if (policy !== null) {
      await mkdir(join(folder, 'policies'));
      await writeFile(join(folder, 'policies', 'all.yaml'), policy);
    }
    upstream = await startOddUpstream();
    guardrail = await start();
  });
  afterAll(async () => {
    // Closed first, so that an answer that never ends does not keep guardrail from closing.
    await upstream?.close();
    await guardrail?.close();
    await rm(folder, { recursive: true, force: true });
  });

  return {
    upstream: () => opened(upstream),
    guardrail: () => opened(guardrail),
    async restart() {
      await guardrail?.close();
      guardrail = await start();
    },
    ops: async (path) => (await fetch(`${opened(guardrail).opsUrl}${path}`)).json(),
  };
}

function opened<T>(part: T | null): T {
  if (part === null) throw new Error('the house is not open');
  return part;
}
