import type { Rewrite } from '../vocabulary/advice.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Money } from '../vocabulary/money.ts';
import type { RewriteSites } from '../vocabulary/rewrite-sites.ts';
import { type TableReference, tableName } from '../vocabulary/table.ts';
import type { TableDefinition } from '../vocabulary/table-definition.ts';
import { applyEdits, type Candidate, type Subject } from './candidate.ts';
import { candidatesFor } from './candidates.ts';

/** What is known about the original query. */
export interface OriginalQuery extends Omit<Subject, 'sites' | 'definitionOf'> {
  readonly bytesBilled: Bytes;
  readonly cost: Money;
}

/** What the warehouse and the policy say about another form of it. */
export interface PricedForm {
  /** The most that it can be billed. */
  readonly bytesBilled: Bytes;
  readonly cost: Money;
  /** Whether it would be let through. */
  readonly passes: boolean;
}

/**
 * What a search asks others for. It asks as often as it likes, but only when it must: parsing, definitions and dry runs
 * take time.
 */
export interface SearchDependencies {
  readonly sites: () => Promise<RewriteSites>;
  readonly definitionOf: (table: TableReference) => Promise<TableDefinition | null>;
  /** Prices a form by a dry run and judges it; null if it is not valid, or the dry run sets no upper bound. */
  readonly price: (sql: string) => Promise<PricedForm | null>;
  /** What was billed in the last day for runs that a cache would have answered; null if not known. */
  readonly repeats: () => Promise<Saving | null>;
}

interface Saving {
  readonly bytesBilled: Bytes;
  readonly cost: Money;
}

/** A search for rewrites that goes on in the background. */
export interface Search {
  /** What has been found so far, best first. */
  found(): readonly Rewrite[];
  /** Resolves when nothing more will be found; rejects if one of the functions given to it throws. */
  readonly ended: Promise<void>;
}

/** Starts looking for cheaper forms of a query: every form is priced at once, and kept if it is worth offering. */
export function searchRewrites(original: OriginalQuery, dependencies: SearchDependencies): Search {
  // In the order of the candidates, so that the order of answers does not matter.
  const found: (readonly Rewrite[])[] = [];
  return { found: () => rankRewrites(found.flat()), ended: search() };

  async function search(): Promise<void> {
    const sites = await dependencies.sites();
    const definitionOf = await definitionsFor(sites, dependencies);
    const candidates = candidatesFor({ ...original, sites, definitionOf });
    await Promise.all(
      candidates.map(async (candidate, index) => {
        const sql = applyEdits(original.sql, candidate.edits);
        const form = await dependencies.price(sql);
        if (form === null) return;
        const isCached = candidate.changes.some(({ kind }) => kind === 'cacheable');
        const repeats = isCached ? await dependencies.repeats() : null;
        found[index] = rewritesFrom({ ...candidate, sql, ...form }, original, repeats);
      }),
    );
  }
}

async function definitionsFor(
  { scans }: RewriteSites,
  { definitionOf }: SearchDependencies,
): Promise<Subject['definitionOf']> {
  const tables = new Map(scans.map(({ table }) => [tableName(table), table]));
  const definitions = new Map(
    await Promise.all([...tables].map(async ([name, table]) => [name, await definitionOf(table)] as const)),
  );
  return (table) => definitions.get(tableName(table)) ?? null;
}

/** A form that saves nothing is offered only if it gives the same result and is let through. */
function rewritesFrom(
  { changes, sql, result, bytesBilled, cost, passes }: Candidate & PricedForm & { readonly sql: string },
  original: OriginalQuery,
  repeats: Saving | null,
): readonly Rewrite[] {
  const form = { changes, sql, result, bytesBilled, passes };
  const savedBytes = original.bytesBilled - bytesBilled;
  if (savedBytes < 0n) return [];
  if (repeats !== null && repeats.bytesBilled > 0n) {
    return [{ ...form, savedOver: 'day', savedBytes: repeats.bytesBilled, savedCost: repeats.cost }];
  }
  if (savedBytes === 0n && !(result === 'same' && passes)) return [];
  const saved = original.cost.micros - cost.micros;
  const savedCost = { currency: cost.currency, micros: saved > 0n ? saved : 0n };
  return [{ ...form, savedOver: 'run', savedBytes, savedCost }];
}

/** First what passes, then what saves on each run, then what keeps the result, has few changes, and saves most. */
function rankRewrites(rewrites: readonly Rewrite[]): readonly Rewrite[] {
  const onePasses = rewrites.some(({ passes, changes }) => passes && changes.length === 1);
  return rewrites
    .filter(({ changes }) => changes.length === 1 || !onePasses)
    .toSorted(
      (a, b) =>
        Number(b.passes) - Number(a.passes) ||
        Number(b.savedOver === 'run') - Number(a.savedOver === 'run') ||
        Number(b.result === 'same') - Number(a.result === 'same') ||
        a.changes.length - b.changes.length ||
        Number(b.savedBytes - a.savedBytes),
    );
}
