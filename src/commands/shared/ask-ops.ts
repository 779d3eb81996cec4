import { Option } from 'commander';
import type { z } from 'zod';

/** The address of a running guardrail's operators' API. */
export function opsOption(): Option {
  return new Option('--ops <url>', "the guardrail's operators' address").default('http://127.0.0.1:8081');
}

/**
 * Calls the operators' API of a running guardrail.
 * @param target its address, with an operator's token for writes
 * @throws if nothing answers there, or it refuses: the message says what to do
 */
export async function askOps<T>(
  target: { readonly ops: string; readonly token?: string },
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  answer: z.ZodType<T>,
  body?: unknown,
): Promise<T> {
  const token = target.token ?? process.env['GUARDRAIL_OPERATOR_TOKEN'];
  const response = await fetch(`${target.ops}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  }).catch((cause: unknown) => {
    throw new Error(
      `No guardrail answers at ${target.ops}. Is it running? Name its operators' address with --ops.`,
      {
        cause,
      },
    );
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The guardrail at ${target.ops} refused: ${problemIn(text)}`);
  return answer.parse(JSON.parse(text));
}

function problemIn(text: string): string {
  try {
    // Whatever the body is, only a text is taken from it.
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? error : text;
  } catch {
    // Not JSON: shown as it came.
    return text;
  }
}
