import { EvaluationError } from '@marcbachmann/cel-js';
import type { Language } from '../../foundation/text/language.ts';
import { type Bytes, formatBytes } from '../../vocabulary/bytes.ts';
import type { Easing, RuleHit, RuleMode, Team, Verdict } from '../../vocabulary/policy.ts';
import { truncateMessage } from '../conditions/limits.ts';
import type { Facts } from '../facts/facts.ts';
import { enforcementNotice } from '../messages/easing-texts.ts';
import { NOTHING } from '../messages/phrase-arguments.ts';
import { phrasesIn } from '../messages/phrases.ts';
import { exemptionFor } from './exemptions.ts';
import { type ModeInForce, milderMode, modeAt } from './rule-life.ts';
import type { Rule } from './rules.ts';

/** A condition or message that failed during evaluation; the error says nothing about the query. */
interface RuleFailure {
  readonly rule: string;
  readonly message: string;
  /** The decision on the query for which it failed, if it was evaluated for one. */
  readonly decisionId?: string;
}

/** Called when a condition or message failed; the rule's `on_error` applies all the same. */
export type OnRuleError = (failure: RuleFailure) => void;

/** Who asks, and when: the parts of a question that are in no fact. */
interface JudgeContext {
  readonly team: Pick<Team, 'name' | 'language' | 'contact'>;
  readonly atMs: number;
  readonly rulesAtMs?: number;
  readonly decisionId?: string;
}

/**
 * What the rules say about a query.
 * @param rules those of its team
 */
export function judge(
  rules: readonly Rule[],
  { team, atMs, rulesAtMs = atMs, decisionId }: JudgeContext,
  facts: Facts,
  reportRuleError: OnRuleError,
): Verdict {
  const onRuleError: OnRuleError = (failure) =>
    reportRuleError(decisionId === undefined ? failure : { ...failure, decisionId });
  const opinions = rules.map((rule) => opinionOf(rule, { team, atMs: rulesAtMs }, facts, onRuleError));
  const hits = opinions.flatMap(({ hit }) => (hit === null ? [] : [hit]));
  const caps = opinions.flatMap(({ cap }) => (cap === null ? [] : [cap]));
  return {
    outcome: hits.some(({ mode }) => mode === 'deny') ? 'deny' : 'allow',
    hits,
    maximumBytesBilled: caps.length === 0 ? null : caps.reduce((least, cap) => (cap < least ? cap : least)),
  };
}

interface Opinion {
  readonly hit: RuleHit | null;
  readonly cap: Bytes | null;
}

const NO_OPINION: Opinion = { hit: null, cap: null };

function opinionOf(rule: Rule, context: JudgeContext, facts: Facts, onRuleError: OnRuleError): Opinion {
  const { language } = context.team;
  const failure = failureOf(rule, facts);
  if (failure === NOT_HIT) return NO_OPINION;
  if (failure !== null) onRuleError({ rule: rule.name, message: `the condition failed: ${failure.reason}` });
  const inForce = modeInForce(rule, context, facts);
  if (failure === null) {
    return { hit: hitFromMatch(rule, inForce, { language, facts, onRuleError }), cap: capOf(rule, inForce) };
  }
  const onError = rule.onError ?? (inForce.mode === 'deny' ? 'deny' : 'audit');
  if (onError === 'allow') return NO_OPINION;
  return { hit: hitFromFailure(rule, onError, inForce, context.team), cap: capOf(rule, inForce) };
}

/** A rule that is held back does not cap either. */
function capOf({ maximumBytesBilled }: Rule, { atMost }: ModeInForce): Bytes | null {
  return atMost === 'deny' ? maximumBytesBilled : null;
}

/** What the texts of a hit are made from. */
interface Wording {
  readonly language: Language;
  readonly facts: Facts;
  readonly onRuleError: OnRuleError;
}

/** The effect of a rule whose condition holds; null if the rule only caps, and the query fits. */
function hitFromMatch(rule: Rule, inForce: ModeInForce, wording: Wording): RuleHit | null {
  const excess = excessText(rule, wording);
  const wouldBe = excess === null ? inForce.mode : 'deny';
  if (wouldBe === null) return null;
  const { mode, eased } = easeMode(wouldBe, inForce);
  const texts = [excess ?? '', messageOf(rule, wording), enforcementNotice(eased, mode, wording.language)];
  return hitOf(rule, mode, eased, texts.filter((text) => text !== '').join(' '));
}

/** The effect of a rule whose condition failed. */
function hitFromFailure(
  rule: Rule,
  onError: RuleMode,
  inForce: ModeInForce,
  { language, contact }: JudgeContext['team'],
): RuleHit {
  const { mode, eased } = easeMode(onError, inForce);
  const text = phrasesIn(language)('conditionFailed', {
    rule: rule.name,
    effect: mode,
    contact: rule.contact ?? contact ?? NOTHING,
  });
  return hitOf(rule, mode, eased, text);
}

const NOT_HIT = Symbol('the condition does not hold');

/** Null if the condition holds. */
function failureOf(rule: Rule, facts: Facts): { readonly reason: string } | null | typeof NOT_HIT {
  try {
    return rule.condition(facts) ? null : NOT_HIT;
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

/** What the rule says about a query that it holds for, and what holds it back: an exemption comes first. */
function modeInForce(rule: Rule, { team, atMs }: JudgeContext, facts: Facts): ModeInForce {
  const { fingerprint } = facts.query;
  const inForce = modeAt(rule, { team: team.name, fingerprint, atMs });
  const exemption = exemptionFor(rule, facts, atMs);
  if (exemption === null) return inForce;
  const { owner, reason, until, source } = exemption;
  return {
    mode: inForce.mode,
    atMost: 'audit',
    heldBackBy: { by: 'exemption', owner, reason, until, source },
  };
}

function easeMode(wouldBe: RuleMode, { atMost, heldBackBy }: ModeInForce) {
  const mode = milderMode(wouldBe, atMost);
  const isExempt = heldBackBy?.by === 'exemption';
  const eased = heldBackBy === null || (mode === wouldBe && !isExempt) ? null : { ...heldBackBy, wouldBe };
  return { mode, eased };
}

/**
 * The message for a query that is known to be billed more than the rule allows: BigQuery would stop it by the cap, in
 * words that name no rule. An estimate that is an upper bound may still fit, and runs under the cap.
 */
function excessText({ maximumBytesBilled }: Rule, { facts: { query }, language }: Wording): string | null {
  if (maximumBytesBilled === null || query.bytes_billed <= maximumBytesBilled) return null;
  if (query.accuracy === 'UPPER_BOUND') return null;
  return phrasesIn(language)('exceedsCap', {
    asked: formatBytes(query.bytes_billed, language),
    most: formatBytes(maximumBytesBilled, language),
  });
}

function hitOf({ name, source }: Rule, mode: RuleMode, eased: Easing | null, message: string): RuleHit {
  return { rule: name, mode, message, source, ...(eased === null ? {} : { eased }) };
}

function messageOf(rule: Rule, { language, facts, onRuleError }: Wording): string {
  const [anyText] = rule.texts.values();
  const text = rule.texts.get(language) ?? anyText;
  try {
    return truncateMessage(text?.(facts).trim() ?? '');
  } catch (error) {
    onRuleError({ rule: rule.name, message: `the message failed: ${reasonOf(error)}` });
    return '';
  }
}

/**
 * The message of a failed evaluation may quote a value of the query, such as a person's name: only its kind is
 * reported.
 */
function reasonOf(error: unknown): string {
  if (error instanceof EvaluationError) return error.code.replaceAll('_', ' ');
  return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
}
