import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { errorCode } from '../../foundation/text/error-code.ts';
import { showWait } from './progress.ts';

/** Where a guardrail's operators' port is unless its settings say otherwise. */
export const DEFAULT_OPS = 'http://127.0.0.1:8081';

/** The address of a running guardrail's operators' API. */
export function opsOption(): Option {
  return new Option('--ops <url>', "guardrail's operators' address")
    .argParser(opsAddress)
    .default(DEFAULT_OPS);
}

/** The credential option of a command that asks a running guardrail. */
export function opsTokenOption(whose = 'your'): Option {
  return new Option(
    '--token <token>',
    `${whose} token for the operators' address (default: GUARDRAIL_OPERATOR_TOKEN)`,
  );
}

function opsAddress(text: string): string {
  const parsed = z.url({ protocol: /^https?$/ }).safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('an address is written http://127.0.0.1:8081.');
  return parsed.data.replace(/\/+$/, '');
}

/** A running guardrail's operators' port, and a token for it. */
export interface OpsTarget {
  readonly ops: string;
  readonly token?: string;
}

/** What is asked of the operators' API. */
export interface OpsRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

/**
 * Calls the operators' API of a running guardrail.
 * @throws if nothing answers there, or it refuses: the message says what to do
 */
export async function askOps<T>(
  target: OpsTarget,
  { method, path, body }: OpsRequest,
  answer: z.ZodType<T>,
): Promise<T> {
  const token = target.token ?? process.env['GUARDRAIL_OPERATOR_TOKEN'];
  const asked = fetch(`${target.ops}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  }).catch((cause: unknown) => {
    throw new Error(unanswered(target.ops, cause), { cause });
  });
  const response = await showWait('Waiting for guardrail', asked);
  const read = jsonIn(await response.text());
  const { ops } = target;
  if (response.ok) {
    const { success, data } = answer.safeParse(read);
    if (success) return data;
  }
  const refused = refusal.safeParse(read);
  if (response.ok || !refused.success) {
    throw new Error(
      `What answers at ${ops}, with HTTP ${response.status}, is not the operators' port of this guardrail. ` +
        'Name that with --ops; BI tools use another port.',
    );
  }
  const remedy = response.status === 401 ? '. Give it with --token or GUARDRAIL_OPERATOR_TOKEN.' : '';
  throw new Error(`guardrail at ${ops} refused: ${refused.data.error}${remedy}`);
}

function unanswered(ops: string, cause: unknown): string {
  if (errorCode(cause) === 'UND_ERR_HEADERS_TIMEOUT')
    return `guardrail at ${ops} did not answer in five minutes. Ask for a shorter time, or when less is going on.`;
  return `No guardrail answers at ${ops}. Is it running? Name its operators' address with --ops.`;
}

/** The operators' API says what is wrong in one text. */
const refusal = z.object({ error: z.string() });

/** Undefined if the text is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
