import type { StageName, Trace } from '../../tracing/tracing.ts';
import type { Decision } from '../../vocabulary/decision.ts';
import type { Admitted } from '../passage.ts';
import type { Stages } from '../stages.ts';
import { decide as decideStep } from './decide.ts';
import { estimate as estimateStep } from './estimate.ts';
import { type Forwarded, forward as forwardStep } from './forward.ts';
import { identify as identifyStep } from './identify.ts';
import { read as readStep } from './read.ts';
import { record as recordStep, tell as tellStep } from './record.ts';
import { reserve as reserveStep } from './reserve.ts';
import { settle as settleStep } from './settle.ts';

// The steps, each a span of the query's trace, which is passed on with the passage.

export const read = spanned('read', readStep);
export const estimate = spanned('estimate', estimateStep);
export const decide = spanned('decide', decideStep);
export const reserve = spanned('reserve', reserveStep);
export const settle = spanned('settle', settleStep);

export function identify(trace: Trace, ...[exchange, job, policy]: Parameters<typeof identifyStep>) {
  return { ...trace.stage('identify', () => identifyStep(exchange, job, policy)), trace };
}

/** The warehouse is told that this step's span is its parent. */
export function forward(
  ...[admitted, sent, exchange, stages]: Parameters<typeof forwardStep>
): Promise<Forwarded> {
  return admitted.trace.stage('forward', (propagate) => {
    propagate(exchange.request.headers);
    return forwardStep(admitted, sent, exchange, stages);
  });
}

export function record(trace: Trace, decision: Decision, stages: Stages): Promise<void> {
  trace.setAttributes(attributesOf(decision));
  return trace.stage('record', () => recordStep(decision, stages));
}

/** The decision on an admitted query is already in the books. */
export function tell({ trace, decision }: Admitted, stages: Stages): void {
  trace.setAttributes(attributesOf(decision));
  trace.stage('record', () => tellStep(decision, stages));
}

function attributesOf({ id, caller, outcome, estimate: priced }: Decision) {
  const attributes = { decision: id, team: caller.team, outcome };
  return priced === null ? attributes : { ...attributes, bytesEstimated: priced.bytesBilled };
}

function spanned<P extends { readonly trace: Trace }, Rest extends readonly unknown[], R>(
  name: StageName,
  step: (passage: P, ...rest: Rest) => R,
): (passage: P, ...rest: Rest) => R {
  return (passage, ...rest) => passage.trace.stage(name, () => step(passage, ...rest));
}
