/**
 * The part of OpenLineage's model that guardrail emits.
 * @see https://openlineage.io/spec/2-0-2/OpenLineage.json
 */
export interface RunEvent {
  readonly eventType: 'START' | 'COMPLETE' | 'FAIL' | 'ABORT' | 'OTHER';
  /** ISO 8601. */
  readonly eventTime: string;
  readonly run: { readonly runId: string; readonly facets: Facets };
  readonly job: { readonly namespace: string; readonly name: string; readonly facets: Facets };
  readonly inputs: readonly InputDataset[];
  readonly outputs: readonly OutputDataset[];
  readonly producer: string;
  readonly schemaURL: string;
}

export interface DatasetName {
  readonly namespace: string;
  readonly name: string;
}

export interface InputDataset extends DatasetName {
  readonly inputFacets?: Facets;
}

export interface OutputDataset extends DatasetName {
  readonly facets?: Facets;
}

/** By facet name, as in OpenLineage. */
export type Facets = Readonly<Record<string, Facet>>;

export interface Facet {
  readonly _producer: string;
  readonly _schemaURL: string;
  readonly [key: string]: unknown;
}

export const RUN_EVENT_SCHEMA = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent';

/** Node has this part of the JSON source text proposal, but TypeScript's library does not declare it yet. */
const { rawJSON } = JSON as unknown as { rawJSON(source: string): unknown };

/** One line of JSON, in which counts are exact numbers however large they are. */
export function eventJson(event: RunEvent): string {
  return JSON.stringify(event, (_key, part: unknown) =>
    typeof part === 'bigint' ? rawJSON(part.toString()) : part,
  );
}
