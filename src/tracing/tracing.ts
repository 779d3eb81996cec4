/** The stages of a query's path, each of them a span. */
export type StageName =
  | 'identify'
  | 'read'
  | 'estimate'
  | 'decide'
  | 'reserve'
  | 'forward'
  | 'settle'
  | 'record';

/** What a span may say about a query: never SQL, a person or a token. Bytes are as exact as a double. */
export interface QueryAttributes {
  readonly decision?: string;
  readonly team?: string;
  readonly outcome?: string;
  readonly bytesEstimated?: bigint;
  readonly bytesBilled?: bigint;
}

/** Headers of a message, with which its receiver can continue the trace. */
export interface TraceHeaders {
  traceparent?: string | string[] | undefined;
  tracestate?: string | string[] | undefined;
  readonly [name: string]: string | string[] | undefined;
}

/** The trace of one query. */
export interface Trace {
  /**
   * Runs a stage as a span of its own, and returns its result.
   * @param run gets a function that continues the trace towards the warehouse, by changing the headers of what is sent
   */
  stage<T>(name: StageName, run: (propagate: (headers: TraceHeaders) => void) => T): T;
  /** Adds newly known facts to the span of the whole query. */
  setAttributes(attributes: QueryAttributes): void;
}

/** What happened to spans: the collector took them, it did not, or there were too many to wait for it. */
export type SpanOutcome = 'exported' | 'failed' | 'dropped';

/** Called with how many spans the collector took, or did not. */
export type OnSpans = (outcome: SpanOutcome, spans: number) => void;

/** If traces are off, it only runs the query. */
export interface Tracing {
  /** Runs a query's whole path as a span, in the trace named in its headers, or in a new one. */
  query<T>(headers: Readonly<TraceHeaders>, run: (trace: Trace) => Promise<T>): Promise<T>;
  /** Sends what is waiting, for a short time at most. */
  close(): Promise<void>;
}

/** A query that is not traced. */
export const UNTRACED: Trace = {
  stage: (_name, run) => run(propagateNothing),
  setAttributes: () => undefined,
};

function propagateNothing(): void {
  // The client's headers are passed on unchanged.
}

/** Traces are off: nothing is kept or sent, and headers are passed on unchanged. */
export const NO_TRACING: Tracing = {
  query: (_headers, run) => run(UNTRACED),
  close: async () => undefined,
};
