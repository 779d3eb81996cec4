import { html, type Markup } from '../foundation/pages/html.ts';
import type { BudgetBalance } from '../vocabulary/spend.ts';

/** A badge with one word; `look` names its colour. */
export function badge(look: string, text: string): Markup {
  return html`<span class="pill ${look}">${text}</span>`;
}

/** A bar whose length is a share from 0 to 1; the figure is written beside it. */
export function bar(part: number): Markup {
  const width = (Math.min(Math.max(part, 0), 1) * 100).toFixed(1);
  return html`<svg class="bar" aria-hidden="true" focusable="false"><rect width="${width}%" height="100%" rx="3"/></svg>`;
}

/** How much of a budget is used and reserved; the figures are written beside it. */
export function meter({ limit, used, reserved }: Pick<BudgetBalance, 'limit' | 'used' | 'reserved'>): Markup {
  const share = (amount: bigint) =>
    limit === 0n ? 100 : Math.min(Number((amount * 1000n) / limit) / 10, 100);
  const usedShare = share(used);
  const reservedShare = Math.min(share(reserved), 100 - usedShare);
  const isFull = used + reserved >= limit;
  return html`<svg class="meter${isFull ? ' full' : ''}" aria-hidden="true" focusable="false"><rect class="used" width="${usedShare.toFixed(1)}%" height="100%" rx="4"/><rect class="reserved" x="${usedShare.toFixed(1)}%" width="${reservedShare.toFixed(1)}%" height="100%"/></svg>`;
}

/** A figure with its name above and a note below. */
export function tile(name: string, figure: string, note: string | Markup = ''): Markup {
  return html`<div class="tile"><small>${name}</small><b>${figure}</b><small>${note}</small></div>`;
}
