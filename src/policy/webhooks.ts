import type { Webhook } from '../vocabulary/policy.ts';
import type { WebhookEntry } from './document/budget-schema.ts';
import { type PolicyError, policyError } from './document/errors.ts';
import type { Located } from './document/sections.ts';

/** A webhook needs exactly one address. */
export function webhookErrors({ value, at }: Located<WebhookEntry>): readonly PolicyError[] {
  if ((value.url === undefined) !== (value.url_env === undefined)) return [];
  const problem = value.url === undefined ? 'has no address' : 'has two addresses';
  return [policyError(at(), `webhook ${value.name} ${problem}`, 'expected either "url" or "url_env"')];
}

/** A webhook from the files, with defaults for what they leave out. */
export function webhookFrom({ value }: Located<WebhookEntry>): Webhook {
  return {
    name: value.name,
    format: value.format ?? 'json',
    address: value.url === undefined ? { variable: value.url_env ?? '' } : { url: value.url },
    language: value.language ?? 'en',
    budgets: value.budgets ?? null,
  };
}
