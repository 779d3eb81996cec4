/**
 * What a visitor of the operators' port may see and do, each including the one before:
 * - `viewer` sees sums: spend, budgets, rules, tables, dashboards; no SQL, and no person by name;
 * - `analyst` sees SQL text and persons too;
 * - `operator` may also write: give grants and end them.
 */
export const ROLES = ['viewer', 'analyst', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks at the operators' port. */
export interface Visitor {
  /** As their token or the identity header names them; null for one who is let in unnamed. */
  readonly name: string | null;
  readonly role: Role;
}

/**
 * By what a visitor is known. A token stands in the request itself; the others a browser sends along by itself, also
 * where another site makes the request.
 */
export type KnownBy = 'token' | 'session' | 'identity' | 'nothing';

/** A visitor, and by what they are known. */
export interface Known {
  readonly visitor: Visitor;
  readonly by: KnownBy;
}

/** True where the visitor's role is the wanted one, or includes it. */
export function may({ role }: Visitor, wanted: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}
