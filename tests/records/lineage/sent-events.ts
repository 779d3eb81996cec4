import { type EventOptions, eventsOf, type SettledRun } from '../../../src/records/lineage/events.ts';
import { eventJson, type RunEvent } from '../../../src/records/lineage/run-event.ts';
import type { Decision, Settlement } from '../../../src/vocabulary/decision.ts';
import { decision, settlement } from '../builders.ts';

export const options: EventOptions = { producer: 'urn:guardrail:guardrail', namespace: 'guardrail' };
export const id = '3f0c2d7e-8a1b-4c5d-9e6f-001122334455';
export const tickets = { projectId: 'guardrail-demo', datasetId: 'atendimento', tableId: 'tickets' };
export const byDay = { ...tickets, tableId: 'tickets_by_day' };

export interface RunChanges {
  readonly decision?: Partial<Decision>;
  readonly settlement?: Partial<Settlement>;
  readonly earlier?: readonly Partial<Settlement>[];
  readonly columnLineage?: SettledRun['columnLineage'];
}

/** The events as a target gets them. */
export function sentEvents({
  decision: changes,
  settlement: of,
  earlier = [],
  columnLineage = null,
}: RunChanges): readonly RunEvent[] {
  const run = {
    decision: decision({ id, ...changes }),
    settlement: settlement({ decisionId: id, ...of }),
    earlier: earlier.map((one) => settlement({ decisionId: id, ...one })),
    columnLineage,
  };
  return eventsOf(run, options).map((event) => JSON.parse(eventJson(event)));
}

export const typesOf = (events: readonly RunEvent[]) => events.map(({ eventType }) => eventType);

export const ctas: Partial<Decision> = {
  sql: 'CREATE TABLE atendimento.tickets_by_day AS SELECT subject AS s FROM atendimento.tickets WHERE body = "x"',
  writes: [byDay],
  reading: {
    ...decision().reading,
    statement: 'CREATE TABLE',
    tables: [
      { table: tickets, star: false, projected: ['subject'], filtered: ['body'], joined: [], grouped: [] },
    ],
  },
};
