import type { Facts } from './facts.ts';

/** What an expression may take to write: its parts, and how deep they nest. */
export const EXPRESSION_LIMITS = { maxDepth: 100, maxAstNodes: 5_000 };

/** What stands in it once its work is metered. */
export const METERED_LIMITS = { maxDepth: 200, maxAstNodes: 10_000 };

/**
 * What one evaluation may do, in steps of walking a list: so many parts of an expression evaluated for so many items.
 * A walk over 20 tables with 50 columns each takes some thousands. This many take 50 ms, measured at the worst.
 */
const MOST_STEPS = 100_000n;

/** BigQuery itself refuses a query over more tables, and a table with more columns. */
const MOST_TABLES = 1_000;
const MOST_COLUMNS = 10_000;

/** A message is read by a person, in a small box. */
const LONGEST_TEXT = 4_000;

/** Counts what evaluations do. They are synchronous, so that one count serves all of them. */
export function createMeter() {
  let steps = 0n;
  return {
    /** What a metered list says before it is walked. */
    walk<T extends readonly unknown[]>(list: T, stepsPerItem: bigint): T {
      steps += BigInt(list.length) * stepsPerItem;
      refuseExcess(steps);
      return list;
    },
    /** @throws Error where it did more than an evaluation may */
    run<T>(evaluate: () => T): T {
      steps = 0n;
      const result = evaluate();
      // CEL lets `exists` and `||` pass over an error.
      refuseExcess(steps);
      return result;
    },
  };
}

function refuseExcess(steps: bigint): void {
  if (steps > MOST_STEPS) throw new Error(`it takes more than ${MOST_STEPS} steps`);
}

/** @throws Error where a query holds more than BigQuery takes, and what walks no list would still take long over it */
export function refuseOversized({ query: { tables, functions } }: Facts): void {
  const columns = tables.reduce(
    (sum, { projected, filtered, joined, grouped }) =>
      sum + projected.length + filtered.length + joined.length + grouped.length,
    0,
  );
  if (tables.length <= MOST_TABLES && columns + functions.length <= MOST_TABLES + MOST_COLUMNS) return;
  throw new Error(
    `the query names ${tables.length} tables, ${columns} columns and ${functions.length} functions, which is more than rules are held against`,
  );
}

/** A text as it may be told. */
export function shortened(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT).toWellFormed()}…`;
}
