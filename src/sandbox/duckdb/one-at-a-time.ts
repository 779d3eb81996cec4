/** Begins a piece of work once those before it have ended, however they ended. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * For statements that write: BigQuery runs those of a tool that builds several tables at once, while DuckDB fails some of
 * them, since each changes the same INFORMATION_SCHEMA.
 */
export function oneAtATime(): InTurn {
  let before: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = before.then(work);
    before = done.catch(() => undefined);
    return done;
  };
}
