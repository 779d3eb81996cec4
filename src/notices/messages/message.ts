import type { Webhook } from '../../vocabulary/policy.ts';
import type { Notice } from '../notice.ts';
import { jsonMessage } from './json.ts';
import { slackMessage } from './slack.ts';

/** The body for a webhook, in its format and language. */
export function messageFor({ format, language }: Webhook, id: string, notice: Notice): unknown {
  return format === 'slack' ? slackMessage(notice, language) : jsonMessage(id, notice, language);
}
