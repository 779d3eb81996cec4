import type { ShownDecision } from '../../ops/access/shown.ts';
import { html, type Markup } from '../../pages/html.ts';
import { formatterFor } from '../formats.ts';
import type { PageContext } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';

const steps = ['identify', 'read', 'estimate', 'decide', 'reserve', 'forward', 'settle'] as const;
type Step = (typeof steps)[number];

interface Taken {
  readonly says: string;
  readonly time?: string;
  /** Where the query was stopped. */
  readonly stops?: boolean;
}

/** The query's path through the guard: what each step said, and how long the whole took. */
export function stepList(decision: ShownDecision, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).decision;
  const taken = takenSteps(decision, context);
  return html`<ol class="steps">${steps.map((step) => {
    const one = taken.get(step);
    const look = one === undefined ? 'skipped' : one.stops ? 'stop' : 'done';
    return html`<li class="${look}"><b>${phrases.steps[step]}</b><span class="what">${one?.says ?? phrases.notReached}</span><span class="time">${one?.time ?? ''}</span></li>`;
  })}</ol>
<p class="note">${phrases.overhead(formatterFor(context).milliseconds(decision.overheadMs))}</p>`;
}

function takenSteps(decision: ShownDecision, context: PageContext): ReadonlyMap<Step, Taken> {
  const phrases = phrasesIn(context.language).decision;
  const write = formatterFor(context);
  const { caller, estimate, outcome, settlement, maximumBytesBilled: cap, hits, stepMs } = decision;
  const taken = new Map<Step, Taken>();
  if (outcome === 'unguarded') return taken;
  taken.set('identify', { says: phrases.identified(caller.team) });
  const time = (ms: number | null | undefined) => (ms == null ? {} : { time: write.milliseconds(ms) });
  taken.set('read', { says: readText(decision, context), ...time(stepMs?.read) });
  if (estimate === null) return taken.set('estimate', { says: phrases.notPriced, stops: true });
  const how = decision.estimateCached ? phrases.fromCache : phrases.byDryRun;
  taken.set('estimate', {
    ...time(stepMs?.estimate),
    says: `${phrases.priced(write.bytes(estimate.bytesBilled), phrases.accuracy[estimate.accuracy])}, ${how}`,
  });
  const byRule = outcome === 'refused' && hits.some(({ mode }) => mode === 'deny');
  taken.set('decide', {
    says: hits.length === 0 ? phrases.noRules : phrases.rulesHeld(hits.length),
    stops: byRule,
    ...time(stepMs?.decide),
  });
  if (byRule) return taken;
  if (outcome !== 'admitted') return taken.set('reserve', { says: phrases.notReserved, stops: true });
  taken.set('reserve', { says: phrases.reserved });
  if (cap !== null) taken.set('forward', { says: phrases.capped(write.bytes(cap)) });
  if (settlement !== null) {
    const { durationMs } = settlement;
    taken.set('settle', {
      says: phrases.settledAs[settlement.source],
      ...time(durationMs),
    });
  }
  return taken;
}

function readText({ reading }: ShownDecision, context: PageContext): string {
  const phrases = phrasesIn(context.language).decision;
  return reading.reader === 'none'
    ? phrases.unread(reading.unreadReason ?? '')
    : phrases.wasRead(reading.statement);
}
