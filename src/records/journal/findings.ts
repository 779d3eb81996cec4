/** Something in the books that differs from what was sealed. Kinds and IDs are the journal's. */
export type BooksFinding =
  | EntryFinding
  | { readonly finding: 'seal altered'; readonly seal: string }
  | { readonly finding: 'seals missing'; readonly from: string; readonly to: string }
  | {
      readonly finding: 'sealed entries missing';
      readonly seal: string;
      /** How many entries it sealed, and how many the journal has for it. */
      readonly sealed: string;
      readonly found: number;
    }
  | { readonly finding: 'sealed entries altered'; readonly seal: string }
  | { readonly finding: 'copy altered'; readonly id: string }
  | { readonly finding: 'left unsealed'; readonly entries: number; readonly sinceMs: number }
  | {
      readonly finding: 'head not in the chain';
      readonly seal: number;
      readonly expected: string;
      /** Null if the chain ends before it. */
      readonly found: string | null;
    };

interface EntryFinding {
  readonly finding:
    | 'entry altered'
    | 'entry missing'
    | 'entry not in the journal'
    | 'entry of no seal'
    | 'table of no decision';
  readonly kind: string;
  readonly id: string;
}

/** What a finding means, in a sentence or two. */
export function meaningOf(finding: BooksFinding): string {
  switch (finding.finding) {
    case 'entry altered':
      return `The ${finding.kind} ${finding.id} is not what was entered: one of its columns, of its tables or its journal row was changed.`;
    case 'entry missing':
      return `The ${finding.kind} ${finding.id} was entered and is gone, and no pruning accounts for it.`;
    case 'entry not in the journal':
      return `The ${finding.kind} ${finding.id} was never entered by guardrail, or its journal row was removed.`;
    case 'entry of no seal':
      return `The journal names a seal for the ${finding.kind} ${finding.id} that is not there: seals were cut off, or its journal row was changed.`;
    case 'table of no decision':
      return `There are tables of the decision ${finding.id}, and no such decision.`;
    case 'seal altered':
      return `Seal ${finding.seal} does not follow from the one before it: its row was changed, or its number.`;
    case 'seals missing':
      return finding.from === finding.to
        ? `Seal ${finding.from} was removed.`
        : `Seals ${finding.from} to ${finding.to} were removed.`;
    case 'sealed entries missing':
      return `Seal ${finding.seal} sealed ${finding.sealed} entries, and the journal has ${finding.found} of it: entries were removed or added.`;
    case 'sealed entries altered':
      return `The journal rows of seal ${finding.seal} are not those that it sealed: an entry was changed together with its digest.`;
    case 'copy altered':
      return `Sums of spend do not count the query ${finding.id} as its records say: its row in query_spend was changed, removed or added, or its records were. If only the former, delete all rows of query_spend and query_spend_cursors: a running guardrail makes them again.`;
    case 'left unsealed':
      return `${finding.entries} entries are not sealed, some since ${new Date(finding.sinceMs).toISOString()}: no guardrail has sealed since, or they were added in another way.`;
    case 'head not in the chain':
      return finding.found === null
        ? `The chain ends before seal ${finding.seal}, whose hash was kept: its end was cut off.`
        : `Seal ${finding.seal} has another hash than the one that was kept: what came before it was rewritten.`;
  }
}
