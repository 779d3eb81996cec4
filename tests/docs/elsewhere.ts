import type { ShellCommand } from './shell.ts';

/** Commands in the docs that tests/docs does not run. */
interface Elsewhere {
  /** The page; all pages if left out. */
  readonly page?: string;
  readonly command: RegExp;
  /** The file of the test that runs them; else `why` says why none can. */
  readonly test?: string;
  readonly why?: string;
}

export const ELSEWHERE: readonly Elsewhere[] = [
  { page: 'docs/rule-in-ten-minutes.md', command: /./, test: 'tests/e2e/rule-in-ten-minutes.test.ts' },
  {
    command: /^npm ci( --omit=dev| && npm (start|test))?$/,
    why: 'installed, started and tested is what this test is part of',
  },
  { page: 'docs/api.md', command: /./, test: 'tests/e2e/api-examples.test.ts' },
  { command: /^(useradd|systemctl|install) |[ >]\/etc\//, why: 'changes the machine' },
  { command: /^npm test$/, why: 'this test is part of it' },
  { command: /^(export POSTGRES_PASSWORD=.*|docker .*)$/, why: 'needs a container engine' },
  { command: /^kubectl /, why: 'needs a cluster' },
  { command: /\bgcloud /, why: 'needs a project of Google Cloud' },
  { command: /^oauth2-proxy /, why: 'needs oauth2-proxy and a client of Google' },
  {
    page: 'docs/audit-trail.md',
    command: /^(heads=|touch |report=|code=|if |exit )/,
    test: 'tests/docs/verify-every-day.test.ts',
  },
  { command: /^(PGOPTIONS=\S+ )?(pg_dump|pg_restore|psql) /, test: 'tests/ledger/postgres/backup.test.ts' },
  {
    page: 'docs/sql.md',
    command: /bigquery-etl|bench:corpus/,
    why: 'clones another repository, and takes minutes; the bench is run by hand',
  },
];

/** The entry for a command that is not run here; null for one to be run. */
export function elsewhere({ page, text }: ShellCommand): Elsewhere | null {
  const found = ELSEWHERE.find((one) => (one.page ?? page) === page && one.command.test(text));
  return found ?? null;
}

/**
 * Programs whose commands are run: they do nothing outside the folder and the guardrail that the test gives them.
 * `ask` is a function that the quick start defines.
 */
const RUN =
  /^(npm run (--silent )?guardrail --|npm start|guardrail|node_modules\/\.bin\/node|curl|sqlite3|umask|export|cd|cp|mv|rm|mkdir|cat|echo|ask(\(\))?)(\s|$)/;
const ASSIGNMENTS = /^([A-Z_]+=("[^"]*"|'[^']*'|\S*) )*/;

/** Matches paths outside the folder, which commands must not touch. */
const ELSEWHERE_ON_DISK = /[ >]\/(?!dev\/null\b)|\.\.\//;

export function isRun(command: ShellCommand): boolean {
  const { text } = command;
  if (elsewhere(command) !== null || !RUN.test(text.replace(ASSIGNMENTS, ''))) return false;
  return !/^(cp|mv|rm|mkdir|cat|cd) /.test(text) || !ELSEWHERE_ON_DISK.test(text.split('\n')[0] ?? '');
}
