/** What processes do in turn: the one whose turn it is has the row locked. */
export interface TurnsTable {
  readonly name: string;
}
