import type { ColumnLineage } from '../../vocabulary/column-lineage.ts';
import type { Decision, Settlement } from '../../vocabulary/decision.ts';
import { tableName } from '../../vocabulary/table.ts';
import { didRun } from '../did-run.ts';
import { columnLineageFacet } from './column-lineage-facet.ts';
import {
  columnUseFacet,
  costFacet,
  type FacetMaker,
  facetMaker,
  jobFacets,
  jobRunFacets,
  queryFacet,
} from './facets.ts';
import { datasetName, jobName, runId } from './names.ts';
import { type InputDataset, type OutputDataset, RUN_EVENT_SCHEMA, type RunEvent } from './run-event.ts';

/** A settlement to send. */
export interface SettledRun {
  readonly decision: Decision;
  readonly settlement: Settlement;
  /** The settlements of the same decision that it replaces, oldest first. */
  readonly earlier: readonly Settlement[];
  /** Null if it is not known. */
  readonly columnLineage: ColumnLineage | null;
}

export interface EventOptions {
  /** URI of whoever emits the events; the schemas of its own facets are found below it. */
  readonly producer: string;
  /** Namespace of jobs. */
  readonly namespace: string;
}

/**
 * The events of a settlement: the run's start and end, as the specification wants for each run; only the end if the
 * start was sent before; further figures if the end was sent before. None if the query did not run.
 */
export function eventsOf(settled: SettledRun, options: EventOptions): readonly RunEvent[] {
  const earlierRuns = settled.earlier.filter(didRun);
  const make = facetMaker(options.producer);
  if (!didRun(settled.settlement)) {
    if (earlierRuns.length === 0) return [];
    // It was sent as running, and now turns out not to be a run of its own.
    return [endEvent(settled, hasEnded(earlierRuns) ? 'OTHER' : 'ABORT', options, make)];
  }
  const end = endEvent(settled, endType(settled.settlement, earlierRuns), options, make);
  return earlierRuns.length === 0 ? [startEvent(settled, options, make), end] : [end];
}

function endType(settlement: Settlement, earlierRuns: readonly Settlement[]): RunEvent['eventType'] {
  if (settlement.source === 'assumed' || hasEnded(earlierRuns)) return 'OTHER';
  return settlement.errorReason === null ? 'COMPLETE' : 'FAIL';
}

/** If a run was only assumed, it is not known how it ended. */
function hasEnded(earlierRuns: readonly Settlement[]): boolean {
  return earlierRuns.some(({ source }) => source !== 'assumed');
}

function startEvent(settled: SettledRun, options: EventOptions, make: FacetMaker): RunEvent {
  const { decision } = settled;
  return {
    ...common(options),
    eventType: 'START',
    eventTime: new Date(decision.atMs).toISOString(),
    run: { runId: runId(decision.id), facets: queryFacet(decision, make) },
    inputs: inputsOf(decision).map(datasetName),
    outputs: (decision.writes ?? []).map(datasetName),
    job: { namespace: options.namespace, name: jobName(decision), facets: jobFacets(decision, make) },
  };
}

function endEvent(
  settled: SettledRun,
  eventType: RunEvent['eventType'],
  options: EventOptions,
  make: FacetMaker,
): RunEvent {
  const { decision, settlement } = settled;
  return {
    ...common(options),
    eventType,
    eventTime: new Date(settlement.atMs).toISOString(),
    run: {
      runId: runId(decision.id),
      facets: {
        ...queryFacet(decision, make),
        ...costFacet(decision.caller.team, settlement, make),
        ...jobRunFacets(settlement, make),
      },
    },
    inputs: inputsWithUse(decision, make),
    outputs: outputsOf(settled, make),
    job: { namespace: options.namespace, name: jobName(decision), facets: jobFacets(decision, make) },
  };
}

function common({ producer }: EventOptions) {
  return { producer, schemaURL: RUN_EVENT_SCHEMA };
}

/** As the warehouse resolved them, with views followed to tables; as the SQL names them if it did not. */
function inputsOf({ estimate, reading }: Decision) {
  const tables = estimate?.referencedTables ?? reading.tables.map(({ table }) => table);
  return [...new Map(tables.map((table) => [tableName(table), table])).values()];
}

function inputsWithUse(decision: Decision, make: FacetMaker): readonly InputDataset[] {
  const uses = new Map(decision.reading.tables.map((use) => [tableName(use.table), use]));
  return inputsOf(decision).map((table) => {
    const use = uses.get(tableName(table));
    return {
      ...datasetName(table),
      ...(use === undefined ? {} : { inputFacets: columnUseFacet(use, make) }),
    };
  });
}

/**
 * Column lineage is sent only for a query that writes one table: with several, the SQL does not say which column goes
 * to which.
 */
function outputsOf({ decision, columnLineage }: SettledRun, make: FacetMaker): readonly OutputDataset[] {
  const writes = decision.writes ?? [];
  return writes.map((table) => {
    const facets = writes.length === 1 ? columnLineageFacet(decision, columnLineage, make) : {};
    return { ...datasetName(table), ...(Object.keys(facets).length === 0 ? {} : { facets }) };
  });
}
