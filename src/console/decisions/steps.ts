import { html, type Markup } from '../../foundation/pages/html.ts';
import type { RedactedDecision } from '../../ops/redaction/redacted.ts';
import { holdsSql } from '../../vocabulary/reading.ts';
import { formatterFor } from '../formats.ts';
import type { PageContext } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';

const steps = ['identify', 'read', 'estimate', 'decide', 'reserve', 'forward', 'settle'] as const;
type Step = (typeof steps)[number];

/** Those of a job without SQL, which costs nothing by the byte. */
const STEPS_WITHOUT_SQL = ['identify', 'forward', 'settle'] as const satisfies readonly Step[];

interface StepState {
  readonly says: string;
  readonly time?: string;
  /** Where the query was stopped. */
  readonly stops?: boolean;
}

/** The query's path through the guard: what each step said, and how long the whole took. */
export function stepList(decision: RedactedDecision, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).decision;
  const hasSql = holdsSql(decision.reading);
  const states = hasSql ? stepStates(decision, context) : stepStatesWithoutSql(decision, context);
  return html`<ol class="steps">${(hasSql ? steps : STEPS_WITHOUT_SQL).map((step) => {
    const state = states.get(step);
    return html`<li class="${lookOf(state)}"><b>${phrases.steps[step]}</b><span class="what">${state?.says ?? phrases.notReached}</span><span class="time">${state?.time ?? ''}</span></li>`;
  })}</ol>
<p class="note">${phrases.overhead(formatterFor(context).milliseconds(decision.overheadMs))}</p>`;
}

function lookOf(state: StepState | undefined): string {
  if (state === undefined) return 'skipped';
  return state.stops ? 'stop' : 'done';
}

function stepStatesWithoutSql(
  decision: RedactedDecision,
  context: PageContext,
): ReadonlyMap<Step, StepState> {
  const phrases = phrasesIn(context.language).decision;
  const isRefused = decision.outcome === 'failed';
  return new Map<Step, StepState>([
    ['identify', { says: phrases.identified(decision.caller.team) }],
    ['forward', { says: isRefused ? phrases.jobRefused : phrases.notPricedWithoutSql, stops: isRefused }],
    ...settled(decision, context),
  ]);
}

function stepStates(decision: RedactedDecision, context: PageContext): ReadonlyMap<Step, StepState> {
  const phrases = phrasesIn(context.language).decision;
  const format = formatterFor(context);
  const { caller, estimate, outcome, maximumBytesBilled: cap, hits, stepMs } = decision;
  const states = new Map<Step, StepState>();
  states.set('identify', { says: phrases.identified(caller.team) });
  states.set('read', { says: readText(decision, context), ...timed(stepMs?.read, context) });
  if (estimate === null) return states.set('estimate', { says: phrases.notPriced, stops: true });
  const how = decision.estimateCached ? phrases.fromCache : phrases.byDryRun;
  states.set('estimate', {
    ...timed(stepMs?.estimate, context),
    says: `${phrases.priced(format.bytes(estimate.bytesBilled), phrases.accuracy[estimate.accuracy])}, ${how}`,
  });
  const isRefusedByRule = outcome === 'refused' && hits.some(({ mode }) => mode === 'deny');
  states.set('decide', {
    says: hits.length === 0 ? phrases.noRules : phrases.rulesMatched(hits.length),
    stops: isRefusedByRule,
    ...timed(stepMs?.decide, context),
  });
  if (isRefusedByRule) return states;
  if (outcome !== 'admitted') return states.set('reserve', { says: phrases.notReserved, stops: true });
  states.set('reserve', { says: phrases.reserved });
  if (cap !== null) states.set('forward', { says: phrases.capped(format.bytes(cap)) });
  return new Map([...states, ...settled(decision, context)]);
}

function settled({ settlement }: RedactedDecision, context: PageContext): ReadonlyMap<Step, StepState> {
  if (settlement === null) return new Map();
  const says = phrasesIn(context.language).decision.settledAs[settlement.source];
  return new Map([['settle', { says, ...timed(settlement.durationMs, context) }]]);
}

function timed(ms: number | null | undefined, context: PageContext): Pick<StepState, 'time'> {
  return ms == null ? {} : { time: formatterFor(context).milliseconds(ms) };
}

function readText({ reading }: RedactedDecision, context: PageContext): string {
  const phrases = phrasesIn(context.language).decision;
  return reading.reader === 'none'
    ? phrases.unread(reading.unreadReason ?? '')
    : phrases.wasRead(reading.statement);
}
