/**
 * What a visitor of the operators' port may see and do, each role including the one before:
 * - `viewer` sees sums: spend, budgets, rules, tables, dashboards; no SQL, and no person by name;
 * - `analyst` also sees SQL and persons;
 * - `operator` may also write: give grants and revoke them.
 */
export const ROLES = ['viewer', 'analyst', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks at the operators' port. */
export interface Visitor {
  /**
   * The name that goes with their token, or the one in the identity header; null for a visitor who is let in unnamed.
   */
  readonly name: string | null;
  readonly role: Role;
}

/**
 * How a visitor was identified. A token is in the request itself; the others a browser sends along by itself, even if
 * another site triggers the request.
 */
export type IdentifiedBy = 'token' | 'session' | 'identity' | 'nothing';

/** A visitor, and how they were identified. */
export interface Identification {
  readonly visitor: Visitor;
  readonly by: IdentifiedBy;
}

/** True if the visitor has the role, or one that includes it. */
export function hasRole({ role }: Visitor, required: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(required);
}
