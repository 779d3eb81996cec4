import { z } from 'zod';
import type { LedgerReader } from '../../../ledger/ledger.ts';
import { writtenLocation } from '../../../vocabulary/job-name.ts';
import type { TimeSpan } from '../../../vocabulary/time-span.ts';
import { decisionPages } from './decision-pages.ts';

const estimatedLocation = z.object({ estimate: z.object({ location: z.string() }).nullable() });

/** Where queries ran according to a span's decisions: each project, each location. */
export async function projectsAndLocationsIn(
  db: LedgerReader,
  span: TimeSpan,
): Promise<{ readonly projects: readonly string[]; readonly locations: readonly string[] }> {
  const projects = new Set<string>();
  const locations = new Set<string>();
  for await (const page of decisionPages(db, span)) {
    for (const { project_id, details } of page) {
      projects.add(project_id);
      const location = locationIn(details);
      if (location !== null) locations.add(location);
    }
  }
  return { projects: [...projects].toSorted(), locations: [...locations].toSorted() };
}

/** In which location a decision's details say that its query would run; null if they do not. */
export function locationIn(details: string): string | null {
  const { estimate } = estimatedLocation.parse(JSON.parse(details));
  return estimate === null ? null : writtenLocation(estimate.location);
}
