import { Command, Option } from 'commander';
import { z } from 'zod';
import { formatBytes } from '../vocabulary/bytes.ts';
import { formatMoney } from '../vocabulary/money.ts';

const GROUPS = ['team', 'person', 'dashboard', 'table', 'fingerprint'];

/** The spend that the operators' API tells; counts are decimal text, since they pass 2^53. */
const answer = z.object({
  from: z.string(),
  to: z.string(),
  spend: z.array(
    z.object({
      key: z.string().nullable(),
      currency: z.string(),
      queries: z.coerce.number(),
      bytesBilled: z.coerce.bigint(),
      costMicros: z.coerce.bigint(),
    }),
  ),
});

/** `guardrail spend`: who or what the money went to, of a running guardrail. */
export function spendCommand(): Command {
  return new Command('spend')
    .description('Show where the bytes and the money went, of a running guardrail.')
    .addOption(new Option('--by <what>', 'what to sum by').choices(GROUPS).default('team'))
    .option('--from <date>', 'first day, such as 2026-11-01 (default: 30 days ago)')
    .option('--to <date>', 'end, left out (default: now)')
    .option('--ops <url>', "the guardrail's operators' address", 'http://127.0.0.1:8081')
    .action(
      async (flags: {
        readonly by: string;
        readonly from?: string;
        readonly to?: string;
        readonly ops: string;
      }) => {
        const { from, to, spend } = await askSpend(flags);
        process.stdout.write(`Spend by ${flags.by}, ${from} to ${to}\n`);
        for (const row of spend) {
          const cost = formatMoney({ currency: row.currency, micros: row.costMicros });
          process.stdout.write(
            `${cost.padStart(14)}  ${formatBytes(row.bytesBilled).padStart(12)}  ${String(row.queries).padStart(8)} queries  ${row.key ?? '(none)'}\n`,
          );
        }
        if (spend.length === 0) process.stdout.write('Nothing was spent.\n');
      },
    );
}

async function askSpend({ ops, by, from, to }: { ops: string; by: string; from?: string; to?: string }) {
  const query = new URLSearchParams({
    by,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  });
  const response = await fetch(`${ops}/api/v1/spend?${query}`).catch((cause: unknown) => {
    throw new Error(
      `No guardrail answers at ${ops}. Is it running? Name its operators' address with --ops.`,
      { cause },
    );
  });
  if (!response.ok) throw new Error(`The guardrail at ${ops} answered: ${await response.text()}`);
  return answer.parse(await response.json());
}
