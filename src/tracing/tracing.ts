/** The stages of a query's way, each a span. */
export type StageName =
  | 'identify'
  | 'read'
  | 'estimate'
  | 'decide'
  | 'reserve'
  | 'forward'
  | 'settle'
  | 'record';

/** What a span may tell of a query: never SQL, a person or a token. Bytes are as whole as a double holds them. */
export interface QueryAttributes {
  readonly decision?: string;
  readonly team?: string;
  readonly outcome?: string;
  readonly bytesEstimated?: bigint;
  readonly bytesBilled?: bigint;
}

/** What a message carries so that whoever gets it can go on with the trace. */
export interface TraceHeaders {
  traceparent?: string | string[] | undefined;
  tracestate?: string | string[] | undefined;
  readonly [name: string]: string | string[] | undefined;
}

/** The trace of one query. */
export interface Trace {
  /**
   * Runs a stage as a span of its own, and returns what it returns.
   * @param run told how to take the trace on to the warehouse: it changes the headers of what is sent
   */
  stage<T>(name: StageName, run: (carryOn: (headers: TraceHeaders) => void) => T): T;
  /** Adds what is known now to the span of the whole query. */
  tell(attributes: QueryAttributes): void;
}

/** What became of spans: the collector took them, it did not, or there were too many to wait for it. */
export type SpanOutcome = 'exported' | 'failed' | 'dropped';

/** Told how many spans the collector took, or did not. */
export type OnSpans = (outcome: SpanOutcome, spans: number) => void;

/** Where traces are off, it does no more than run the query. */
export interface Tracing {
  /** Runs a query's whole way as a span, in the trace that its headers name, or in one of its own. */
  query<T>(headers: Readonly<TraceHeaders>, run: (trace: Trace) => Promise<T>): Promise<T>;
  /** Sends what waits, for a short time at the most. */
  close(): Promise<void>;
}

/** A query that is not traced. */
export const UNTRACED: Trace = {
  stage: (_name, run) => run(leaveAsTheyAre),
  tell: () => undefined,
};

function leaveAsTheyAre(): void {
  // What the client sent goes on as it came.
}

/** Traces are off: nothing is kept, nothing is sent, and headers go on as they came. */
export const NO_TRACING: Tracing = {
  query: (_headers, run) => run(UNTRACED),
  close: async () => undefined,
};
