import type { Facts } from '../facts/facts.ts';

/** The most parts that an expression may have, and the deepest they may nest. */
export const EXPRESSION_LIMITS = { maxDepth: 100, maxAstNodes: 5_000 };

/** The names that metering adds to an expression. */
export const METERED_LIMITS = { maxDepth: 200, maxAstNodes: 10_000 };

/**
 * The work that one evaluation may do, in steps: one step is one part of an expression, evaluated for one item of a
 * list. Walking 20 tables with 50 columns each takes a few thousand. This many take at most 50 ms, as measured.
 */
const MAX_STEPS = 100_000n;

/** BigQuery itself rejects a query over more tables, and a table with more columns. */
const MAX_TABLES = 1_000;
const MAX_COLUMNS = 10_000;

/** A person reads the message in a small box. */
const MAX_TEXT_LENGTH = 4_000;

/** Counts the work of evaluations. They are synchronous, so that one counter is enough. */
export function createMeter() {
  let steps = 0n;
  return {
    /** Called with a list before it is walked. */
    walk<T extends readonly unknown[]>(list: T, stepsPerItem: bigint): T {
      steps += BigInt(list.length) * stepsPerItem;
      refuseExcess(steps);
      return list;
    },
    /** @throws Error if it did more work than an evaluation may */
    run<T>(evaluate: () => T): T {
      steps = 0n;
      const result = evaluate();
      // In CEL, `exists` and `||` can swallow an error.
      refuseExcess(steps);
      return result;
    },
  };
}

function refuseExcess(steps: bigint): void {
  if (steps > MAX_STEPS) throw new Error(`it takes more than ${MAX_STEPS} steps`);
}

/**
 * @throws Error if a query holds more than BigQuery accepts, which would take long even for an expression that walks no
 * list
 */
export function refuseOversized({ query: { tables, functions } }: Facts): void {
  const columns = tables.reduce(
    (sum, { projected, filtered, tested, joined, grouped }) =>
      sum + projected.length + filtered.length + tested.length + joined.length + grouped.length,
    0,
  );
  if (tables.length <= MAX_TABLES && columns + functions.length <= MAX_TABLES + MAX_COLUMNS) return;
  throw new Error(
    `the query names ${tables.length} tables, ${columns} columns and ${functions.length} functions, which is more than rules are held against`,
  );
}

/** A message cut to the length that people read. */
export function truncateMessage(text: string): string {
  return text.length <= MAX_TEXT_LENGTH ? text : `${text.slice(0, MAX_TEXT_LENGTH).toWellFormed()}…`;
}
