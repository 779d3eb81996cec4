/** What is done by one after the other, over all processes: whoever is at it has the row locked. */
export interface TurnsTable {
  readonly name: string;
}
