import type { Language } from '../../foundation/text/language.ts';
import { type Notice, usedPercent } from '../notice.ts';
import { percent, textsOf } from './texts.ts';

const CELLS = 20;

/**
 * A notice for Slack's incoming webhooks: blocks, plus a text for notifications and for those who cannot see blocks.
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */
export function slackMessage(notice: Notice, language: Language) {
  const { title, sentences, context } = textsOf(notice, language);
  const sign = notice.used >= notice.limit ? '🔴' : '🟡';
  const lines = [...gaugeOf(notice, language), escaped(sentences.join(' '))];
  return {
    text: escaped(`${sign} ${title}. ${sentences.join(' ')}`),
    blocks: [
      { type: 'section', text: mrkdwn(`${sign} *${escaped(title)}*\n${lines.join('\n')}`) },
      { type: 'context', elements: [mrkdwn(escaped(context.join(' · ')))] },
    ],
  };
}

/** Verbatim: Slack must not turn names into links. */
function mrkdwn(text: string) {
  return { type: 'mrkdwn', text, verbatim: true } as const;
}

/** A bar that is filled as far as the budget is used; none for a limit of 0. */
function gaugeOf(notice: Notice, language: Language): readonly string[] {
  const used = usedPercent(notice);
  if (used === null) return [];
  const full = Math.min(CELLS, Number((used * BigInt(CELLS)) / 100n));
  return [`\`${'▓'.repeat(full)}${'░'.repeat(CELLS - full)}\` ${percent(used, language)}`];
}

/** Names must not mention people, make links or end a bar: Slack's special characters are escaped. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
