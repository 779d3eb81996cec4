import type { Refuser } from '../../vocabulary/refusal.ts';
import type { Sections } from '../document/sections.ts';

/** Whom people ask about a refusal: as each rule or budget says that refused, otherwise as their team says. */
export function createContacts({
  rules,
  budgets,
  teams,
}: Pick<Sections, 'rules' | 'budgets' | 'teams'>): (refuser: Refuser, team: string) => readonly string[] {
  const contacts = { rule: contactsIn(rules), budget: contactsIn(budgets) };
  const ofTeams = contactsIn(teams);
  return ({ by, names }, team) => {
    const ofTeam = ofTeams.get(team);
    const found = names.length === 0 ? [ofTeam] : names.map((name) => contacts[by].get(name) ?? ofTeam);
    return [...new Set(found.filter((contact) => contact !== undefined))];
  };
}

interface Named {
  readonly value: { readonly name: string; readonly contact?: string | undefined };
}

/** Whom those of the entries say to ask that say so, by their names. */
export function contactsIn(entries: readonly Named[]): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap(({ value: { name, contact } }) =>
      contact === undefined ? [] : [[name, contact] as const],
    ),
  );
}
