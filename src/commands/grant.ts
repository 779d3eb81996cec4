import { Command } from 'commander';
import { z } from 'zod';
import { HOUR_MS } from '../foundation/calendar/durations.ts';
import { printable } from '../foundation/text/text-table.ts';
import { MAX_GRANT_MS } from '../ops/parse-grant.ts';
import { formatAmount } from '../vocabulary/budget.ts';
import { askOps, type OpsTarget, opsOption, opsTokenOption } from './shared/ask-ops.ts';
import { examples } from './shared/examples.ts';

const grant = z.object({
  id: z.string(),
  budget: z.string(),
  account: z.string(),
  unit: z.string(),
  amount: z.coerce.bigint(),
  /** Null for viewers, from whom it is withheld. */
  reason: z.string().nullable(),
  grantedBy: z.string(),
  grantedTo: z.string(),
  expiresAtMs: z.number(),
  revoked: z.object({ by: z.string(), atMs: z.number() }).nullable(),
});
type ShownGrant = z.infer<typeof grant>;

/** `guardrail grant …`: more of a budget for a limited time, in a running guardrail. */
export function grantCommand(): Command {
  return new Command('grant')
    .description("Raise a budget's limit for a limited time.")
    .addCommand(giveCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());
}

function giveCommand(): Command {
  return new Command('give')
    .description('Grant an amount for a limited time. It expires by itself, and stays on record.')
    .addHelpText(
      'after',
      examples('grant give atendimento-day "5 GiB" --to ana --reason "month-end" --hours 8'),
    )
    .argument('<budget>', 'name of the budget')
    .argument('<amount>', 'in what the budget counts: "5 GiB", "50 BRL", "2 slot-hours", "100 queries"')
    .requiredOption('--to <person>', 'whom it is given to (required)')
    .requiredOption('--reason <text>', 'why (required)')
    .option(
      '--account <account>',
      'one account of a budget that is split, such as metabase:12 (default: each)',
    )
    .option('--until <instant>', 'such as 2026-11-30T18:00:00-03:00')
    .option('--hours <number>', 'or for this many hours from now (default: 24)')
    .addOption(opsOption())
    .addOption(opsTokenOption("operator's"))
    .action(async (budget: string, amount: string, flags: OpsTarget & GiveFlags) => {
      const { to, reason, account } = flags;
      const body = {
        budget,
        amount,
        to,
        reason,
        until: untilOf(flags),
        ...(account === undefined ? {} : { account }),
      };
      const given = await askOps(flags, { method: 'POST', path: '/api/v1/grants', body }, grant);
      process.stdout.write(`Granted: ${lineOf(given)}\n`);
    });
}

interface GiveFlags {
  readonly to: string;
  readonly reason: string;
  readonly account?: string;
  readonly until?: string;
  readonly hours?: string;
}

function untilOf({ until, hours = '24' }: GiveFlags): string {
  if (until !== undefined) return until;
  const count = Number(hours);
  if (!(count > 0 && count * HOUR_MS <= MAX_GRANT_MS)) {
    throw new Error(
      `--hours ${hours} is no number above 0 and up to ${MAX_GRANT_MS / HOUR_MS}, which is 92 days.`,
    );
  }
  return new Date(Date.now() + count * HOUR_MS).toISOString();
}

function listCommand(): Command {
  return new Command('list')
    .description('Show the grants that are in force.')
    .addHelpText('after', examples('grant list'))
    .option('--all', 'include those that have expired')
    .addOption(opsOption())
    .addOption(opsTokenOption())
    .action(async (flags: OpsTarget & { readonly all?: boolean }) => {
      const grants = await allGrants(flags);
      for (const one of grants) process.stdout.write(`${lineOf(one)}\n`);
      if (grants.length === 0) process.stdout.write('There are no grants.\n');
    });
}

/** So many as the API gives on one page at the most. */
const PAGE = 1000;

async function allGrants(flags: OpsTarget & { readonly all?: boolean }): Promise<readonly ShownGrant[]> {
  const grants: ShownGrant[] = [];
  for (;;) {
    const last = grants.at(-1);
    const query = new URLSearchParams({ limit: String(PAGE), all: String(flags.all === true) });
    if (last !== undefined) query.set('before', last.id);
    const path = `/api/v1/grants?${query}`;
    const page = await askOps(flags, { method: 'GET', path }, z.object({ grants: z.array(grant) }));
    grants.push(...page.grants);
    if (page.grants.length < PAGE) return grants;
  }
}

function revokeCommand(): Command {
  return new Command('revoke')
    .description('Revoke a grant before it expires.')
    .addHelpText('after', examples('grant revoke ID'))
    .argument('<id>', 'ID of the grant')
    .addOption(opsOption())
    .addOption(opsTokenOption("operator's"))
    .action(async (id: string, flags: OpsTarget) => {
      const path = `/api/v1/grants/${encodeURIComponent(id)}`;
      process.stdout.write(`Revoked: ${lineOf(await askOps(flags, { method: 'DELETE', path }, grant))}\n`);
    });
}

function lineOf({
  id,
  budget,
  account,
  unit,
  amount,
  reason,
  grantedBy,
  grantedTo,
  expiresAtMs,
  revoked,
}: ShownGrant) {
  const where = account === '' ? budget : `${budget}, ${account}`;
  const end = revoked === null ? `until ${new Date(expiresAtMs).toISOString()}` : `revoked by ${revoked.by}`;
  const why = reason === null ? '' : `: ${reason}`;
  return printable(
    `${id}  ${formatAmount(unit, amount)} on ${where} to ${grantedTo}, ${end}, by ${grantedBy}${why}`,
  );
}
