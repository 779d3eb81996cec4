import { type Bytes, MIB } from '../../vocabulary/bytes.ts';
import type { TeamEntry } from '../document/schema.ts';
import type { TeamView } from './team-views.ts';

/**
 * The cap under which a team's queries need no dry run, by team name, in whole MiB as BigQuery bills. It is no higher
 * than any rule's cap for the team. A team has none if its rules may read what only a dry run tells, or if it is exempt
 * from a rule, since an exemption may depend on tables.
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
