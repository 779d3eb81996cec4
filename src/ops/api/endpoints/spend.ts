import { z } from 'zod';
import { timeZone } from '../../../policy/document/schema-parts.ts';
import { keysProblem, type SpendKey, spendKeys } from '../../../records/spend/spend-query.ts';
import { spendRow } from '../answers/sums.ts';
import { conversionTo, currencyKey } from './conversion.ts';
import { endpoint, Failed } from './endpoint.ts';
import { spanKeys, spanOf } from './span.ts';

/** A page or a report shows fewer; a longer answer would keep queries from this thread while it is written. */
const MAX_ROWS = 20_000;

const TOO_MANY =
  `there are more than ${MAX_ROWS} rows: ask for a shorter time, one team or fewer keys; ` +
  '`guardrail records export` writes every query to a file';

const TOO_MANY_KEYS =
  'in another currency, days are told apart as well: sum by one to three keys besides day';

const spendQuery = z.strictObject({
  by: z
    .string()
    .default('team')
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(spendKeys)))
    .superRefine((by, context) => {
      const wrong = keysProblem(by);
      if (wrong !== null) context.addIssue(wrong);
    })
    .describe(
      `one to four of ${spendKeys.join(', ')}, separated by commas; the answer has at most ${MAX_ROWS} rows`,
    ),
  ...spanKeys,
  ...currencyKey,
  team: z.string().optional().describe('only the spend of this team'),
  time_zone: timeZone
    .optional()
    .describe(
      "time zone in which days begin, also for from and to; default: the budgets' zone if they agree, else the policy's",
    ),
});

/** What settled queries came to. */
export const spend = endpoint(
  {
    method: 'get',
    path: '/spend',
    name: 'sumSpend',
    summary: 'What queries cost, summed by team, person, dashboard and the like',
    query: spendQuery,
    answer: z.object({
      by: z.array(z.enum(spendKeys)),
      from: z.date(),
      to: z.date(),
      timeZone: z.string(),
      spend: z.array(spendRow),
    }),
  },
  async ({ query, redaction }, { questions, reportsTimeZone, policy }) => {
    const { by, team, time_zone: zone = reportsTimeZone() } = query;
    const span = spanOf({ ...query, time_zone: zone }, Date.now());
    if (span instanceof Failed) return span;
    const conversion = conversionTo(query.currency, policy());
    if (conversion instanceof Failed) return conversion;
    const wrong = conversion === undefined ? null : keysProblem([...new Set<SpendKey>([...by, 'day'])]);
    if (wrong !== null) return new Failed(400, TOO_MANY_KEYS);
    const rows = await questions.spend({
      ...span,
      maxRows: MAX_ROWS,
      by,
      timeZone: zone,
      ...(team === undefined ? {} : { team }),
      ...(conversion === undefined ? {} : { conversion }),
    });
    if (rows === null) return new Failed(400, TOO_MANY);
    const shown = rows.map((row) => redaction.spend(row, by));
    return {
      by,
      from: new Date(span.fromMs),
      to: new Date(span.toMs),
      timeZone: zone,
      spend: shown.map((row) => ({ ...row, key: row.keys[0] ?? null })),
    };
  },
);
