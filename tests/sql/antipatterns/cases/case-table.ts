/**
 * SQL in which an anti-pattern is found, each finding between « and »; and SQL in which it is not. Tables are those
 * of the sandbox: `atendimento.messages` is large and partitioned by `created_at`, `tickets` is not partitioned.
 */
export interface CaseTable {
  readonly found: readonly string[];
  readonly notFound: readonly string[];
}
