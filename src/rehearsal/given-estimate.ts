import { billedBytes } from '../estimate/billed.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Estimate } from '../vocabulary/estimate.ts';
import type { SqlReading } from '../vocabulary/reading.ts';

/** What is said about an estimate in place of a dry run. */
export type GivenEstimate = Partial<
  Pick<
    Estimate,
    'principal' | 'accuracy' | 'statementType' | 'location' | 'referencedTables' | 'referencedRoutines'
  >
> & { readonly bytesProcessed: Bytes };

/** An estimate without a warehouse. Whatever is not given is as for a SELECT over the tables that the SQL names. */
export function givenEstimate(given: GivenEstimate, { statement, tables }: SqlReading): Estimate {
  const { bytesProcessed, referencedTables = tables.map(({ table }) => table) } = given;
  return {
    principal: null,
    statementType: statement.replaceAll(' ', '_'),
    location: 'US',
    accuracy: 'PRECISE',
    ...given,
    bytesBilled: billedBytes(bytesProcessed, referencedTables.length),
    referencedTables,
    madeAtMs: Date.now(),
  };
}
