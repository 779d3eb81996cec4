import { z } from 'zod';
import type { SpendRow } from '../../../records/spend/spend-query.ts';
import type { catalogJson } from '../../../reports/catalog/as-json.ts';
import { type SavingRow, savingCauses } from '../../../reports/savings/saving.ts';
import { exactly } from './exactly.ts';

export const spendRow = exactly<SpendRow & { readonly key: string | null }>()(
  z.object({
    keys: z.array(z.string().nullable()).describe('in the order of by; null if the queries name none'),
    key: z.string().nullable().describe('the first of the keys'),
    currency: z.string(),
    queries: z.number(),
    bytesBilled: z.bigint(),
    freeBytes: z.bigint(),
    costMicros: z.bigint(),
    slotMs: z.bigint(),
    sharedQueries: z
      .number()
      .describe('the part that other rows count too: queries that read several tables'),
    sharedBytesBilled: z.bigint(),
    sharedCostMicros: z.bigint(),
  }),
);

export const savingRow = exactly<SavingRow>()(
  z.object({
    keys: z.array(z.string()),
    cause: z.enum(savingCauses),
    currency: z.string(),
    needs: z.number().describe('refused queries, once per person and day'),
    attempts: z.number(),
    estimatedBytes: z.bigint(),
    estimatedCostMicros: z.bigint(),
    savedBytes: z.bigint(),
    savedCostMicros: z.bigint(),
  }),
);

const decimal = z.string().regex(/^-?\d+$/);
const isoInstant = z.iso.datetime();

export const catalogReport = exactly<ReturnType<typeof catalogJson>>()(
  z.object({
    version: z.number(),
    from: isoInstant,
    to: isoInstant,
    madeAt: isoInstant,
    recordsSince: isoInstant.nullable(),
    tables: z.array(
      z.object({
        table: z.string(),
        status: z.enum(['governed', 'legacy', 'unknown']),
        inCatalog: z.boolean(),
        owner: z.string().nullable(),
        replacement: z.string().nullable(),
        readAs: z.enum(['table', 'view or pattern']).nullable(),
        queries: z.number(),
        lastReadAt: isoInstant.nullable(),
        persons: z.number(),
        principals: z.number(),
        teams: z.array(
          z.object({
            team: z.string(),
            currency: z.string(),
            queries: z.number(),
            bytesBilled: decimal,
            costMicros: decimal,
          }),
        ),
        dashboards: z.array(z.object({ tool: z.string(), dashboard: z.string(), queries: z.number() })),
        columns: z.object({
          named: z.array(z.object({ column: z.string(), queries: z.number() })),
          allQueries: z.number(),
          unknownQueries: z.number(),
          unused: z.array(z.string()).nullable(),
        }),
      }),
    ),
  }),
);
