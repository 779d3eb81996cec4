import { type Bytes, MIB } from '../vocabulary/bytes.ts';
import type { TeamEntry } from './document/schema.ts';
import type { TeamView } from './team-views.ts';

/**
 * The cap under which a team's queries need no dry run, by the team's name, in whole MiB as BigQuery bills. No more
 * than any rule for the team caps. A team whose rules may read what a dry run tells has none, nor one with an exemption
 * from a rule, since that may hang on tables.
 */
export function capsByTeam(
  teams: readonly TeamEntry[],
  viewOf: (team: string) => TeamView,
): ReadonlyMap<string, Bytes> {
  return new Map(
    teams.flatMap((team) => {
      if (team.estimate === undefined) return [];
      const { rules, uses } = viewOf(team.name);
      if (uses.dryRun || rules.some(({ exemptions }) => exemptions.length > 0)) return [];
      const caps = rules.flatMap(({ maximumBytesBilled }) => maximumBytesBilled ?? []);
      const least = caps.reduce((a, b) => (a < b ? a : b), team.estimate.up_to);
      return least < MIB ? [] : [[team.name, (least / MIB) * MIB] as const];
    }),
  );
}
