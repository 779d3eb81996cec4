import { execFile } from 'node:child_process';

/** The result of a command. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `guardrail ARGS` in its own process, as a user does. */
export function guardrail(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const command = execFile(
      process.execPath,
      ['src/main.ts', ...args],
      { env: { ...process.env, ...environment }, maxBuffer: 2 ** 26 },
      (_error, stdout, stderr) => resolve({ code: command.exitCode, stdout, stderr }),
    );
  });
}
