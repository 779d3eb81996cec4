/** Who asks, as far as the request says; nothing here is verified except what `confirmed` adds. */
export interface CallerHints {
  /** The BI tool or client: `metabase`, `node`, `python`, `java`, …, or null. */
  readonly tool: string | null;
  /** The person behind the tool's service account, as the tool names them, or null. */
  readonly person: string | null;
  /** The dashboard, as the tool names it, or null. */
  readonly dashboard: string | null;
  /** The card (saved question), as the tool names it, or null. */
  readonly card: string | null;
}

/** Who asks: the hints, and the principal that the warehouse confirmed under the caller's own token. */
export interface Caller extends CallerHints {
  /** The confirmed e-mail address, or null if the warehouse named none. */
  readonly principal: string | null;
  /** The team's name in the policy files. */
  readonly team: string;
}
