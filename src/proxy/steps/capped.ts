import { isFederated } from '../../estimate/as-read/federated.ts';
import type { PricedJob } from '../../estimate/dry-run.ts';
import type { Estimates, FoundEstimate } from '../../estimate/estimates.ts';
import { tariffFor } from '../../vocabulary/pricing.ts';
import type { Read } from '../passage.ts';

/** The budgets or rules refused a query of which only its cap was known: it must be priced before it is refused. */
export class CapNotAdmitted extends Error {
  override readonly name = 'CapNotAdmitted';
  /** How long the query had waited for a place by then. */
  readonly waitedMs: number;

  constructor(waitedMs: number) {
    super();
    this.waitedMs = waitedMs;
  }
}

/**
 * The price of a plain SELECT by a team that the policy trusts with its cap: the cached estimate, or else the cap in
 * place of one. Null if a dry run is needed, which is whenever anything is in doubt.
 */
export function trustedEstimate(read: Read, priced: PricedJob, estimates: Estimates): FoundEstimate | null {
  const { policy, reading, asker, job } = read;
  const principal = estimates.principalOf(asker);
  if (principal === null || !isPlainSelect(read)) return null;
  const most = policy.cappedUpTo(policy.teamOf(principal));
  if (most === null) return null;
  const referencedTables = reading.tables.map(({ table }) => table);
  // Prices differ by location.
  const location = estimates.locationOf(referencedTables);
  if (location === null) return null;
  const statement = { projectId: job.projectId, location, models: 'none' } as const;
  if (tariffFor(statement, policy.pricing).model !== 'on demand') return null;
  return (
    estimates.remembered(priced, asker) ?? {
      source: 'cap',
      estimate: {
        principal,
        statementType: 'SELECT',
        location,
        bytesProcessed: most,
        bytesBilled: most,
        accuracy: 'UPPER_BOUND',
        referencedTables,
        madeAtMs: Date.now(),
      },
    }
  );
}

function isPlainSelect({ job, reading }: Read): boolean {
  return (
    job.method === 'jobs.query' &&
    reading.reader === 'polyglot' &&
    reading.statement === 'SELECT' &&
    reading.writes?.length === 0 &&
    // The cap would not hold.
    !isFederated(reading)
  );
}
