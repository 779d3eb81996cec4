/**
 * Reasons that guardrail gives; no official client retries any of them except `backendError`, which should be retried.
 */
export type EnvelopeReason =
  | 'accessDenied'
  | 'quotaExceeded'
  | 'invalid'
  | 'parseError'
  | 'required'
  | 'uploadTooLarge'
  | 'notImplemented'
  | 'backendError'
  | 'internalError';

const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  408: 'DEADLINE_EXCEEDED',
  413: 'INVALID_ARGUMENT',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
};

/** An answer of guardrail's own, to be sent in BigQuery's error envelope. */
export interface EnvelopeContent {
  readonly status: number;
  readonly reason: EnvelopeReason;
  readonly message: string;
  /** The part of the request that it is about, `errors[0].location`: `query`, `Authorization`. */
  readonly location?: string;
  /** Machine-readable details, `error.details`. */
  readonly details?: readonly Readonly<Record<string, unknown>>[];
}

/** What leads a program to all the rest of a decision. */
const BRIEF = ['@type', 'decisionId', 'page'];

/** For clients that show the details to people, who read the same in the message. */
export function withBriefDetails(content: EnvelopeContent): EnvelopeContent {
  const brief = (detail: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(detail).filter(([name]) => BRIEF.includes(name)));
  return content.details === undefined ? content : { ...content, details: content.details.map(brief) };
}

/**
 * BigQuery's own error envelope, so that every official client shows the message unchanged.
 * @see https://cloud.google.com/bigquery/docs/error-messages
 */
export function envelope(content: EnvelopeContent): Readonly<Record<string, unknown>> {
  return {
    error: {
      code: content.status,
      message: content.message,
      errors: [
        {
          message: content.message,
          domain: 'global',
          reason: content.reason,
          ...(content.location === undefined ? {} : { location: content.location }),
        },
      ],
      status: STATUS_NAMES[content.status] ?? 'UNKNOWN',
      ...(content.details === undefined ? {} : { details: content.details }),
    },
  };
}
