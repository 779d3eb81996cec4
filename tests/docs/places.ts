/** The ports that replace those in the pages when their commands are run. */
export interface Places {
  readonly proxy: number;
  readonly ops: number;
  readonly sandbox: number;
}

export const OPERATOR_TOKEN = 'guardrail-demo-operator';

/** A command with the addresses, tokens and IDs of the guardrail that the test has started. */
export function placed(command: string, { proxy, ops, sandbox }: Places): string {
  return command
    .replaceAll('2026-11', month(0))
    .replaceAll('2026-12', month(1))
    .replaceAll(/(127\.0\.0\.1|localhost):8080/g, `127.0.0.1:${proxy}`)
    .replaceAll(/(127\.0\.0\.1|localhost):8081/g, `127.0.0.1:${ops}`)
    .replaceAll(/(127\.0\.0\.1|localhost):9050/g, `127.0.0.1:${sandbox}`)
    .replaceAll('collector:4318', '127.0.0.1:9')
    .replaceAll('/var/lib/guardrail/', './')
    .replaceAll('GUARDRAIL_OPERATOR_TOKEN=…', `GUARDRAIL_OPERATOR_TOKEN=${OPERATOR_TOKEN}`)
    .replaceAll('grant revoke ID', `grant revoke "$(first_id api/v1/grants)"`)
    .replaceAll('--expect-head 1841:5f1c…', '--expect-head "$(head_of_chain)"');
}

/** This month, or a later one: records of the months in the pages may have been pruned by now. */
function month(later: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + later))
    .toISOString()
    .slice(0, '2026-11'.length);
}

/** Whether an output has a line like this one, where `…` matches anything. */
export function hasLine(output: string, line: string): boolean {
  const parts = line
    .trim()
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^\\s*${parts.join('.*')}\\s*$`, 'm').test(output);
}
