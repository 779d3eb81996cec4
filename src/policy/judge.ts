import { type Bytes, formatBytes } from '../vocabulary/bytes.ts';
import type { Language, RuleHit, RuleMode, Verdict } from '../vocabulary/policy.ts';
import type { Facts } from './facts.ts';
import type { Rule } from './rules.ts';

/** Told of a condition or message that failed while it was evaluated. */
export type OnRuleError = (failure: { readonly rule: string; readonly message: string }) => void;

/** What the rules say of a query of a team. */
export function judge(
  rules: readonly Rule[],
  team: { readonly name: string; readonly language: Language },
  facts: Facts,
  onRuleError: OnRuleError,
): Verdict {
  const concerned = rules.filter(({ teams }) => teams === null || teams.has(team.name));
  const opinions = concerned.map((rule) => opinionOf(rule, team.language, facts, onRuleError));
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

function opinionOf(rule: Rule, language: Language, facts: Facts, onRuleError: OnRuleError): Opinion {
  try {
    if (!rule.condition(facts)) return { hit: null, cap: null };
  } catch (error) {
    onRuleError({ rule: rule.name, message: `the condition failed: ${reasonOf(error)}` });
    if (rule.onError === 'allow') return { hit: null, cap: null };
    const message = failureText(rule.name, rule.onError, language);
    return { hit: hitOf(rule, rule.onError, message), cap: rule.maximumBytesBilled };
  }
  const message = messageOf(rule, language, facts, onRuleError);
  const excess = excessText(rule, facts, language);
  if (excess !== null) {
    return { hit: hitOf(rule, 'deny', `${excess} ${message}`.trim()), cap: rule.maximumBytesBilled };
  }
  return { hit: rule.mode === null ? null : hitOf(rule, rule.mode, message), cap: rule.maximumBytesBilled };
}

/**
 * What to tell where a query is known to be billed more than the rule allows: BigQuery would stop it by the cap, in
 * words that name no rule. An estimate that is an upper bound may still fit, and runs under the cap.
 */
function excessText({ maximumBytesBilled }: Rule, { query }: Facts, language: Language): string | null {
  if (maximumBytesBilled === null || query.bytes_billed <= maximumBytesBilled) return null;
  if (query.accuracy === 'UPPER_BOUND') return null;
  const [asked, most] = [query.bytes_billed, maximumBytesBilled].map((bytes) => formatBytes(bytes, language));
  return language === 'pt-BR'
    ? `A consulta leria ${asked}, e a regra permite no máximo ${most} por consulta.`
    : `The query would scan ${asked}, and the rule allows ${most} a query at most.`;
}

function hitOf({ name, source }: Rule, mode: RuleMode, message: string): RuleHit {
  return { rule: name, mode, message, source };
}

function messageOf(rule: Rule, language: Language, facts: Facts, onRuleError: OnRuleError): string {
  const [any] = rule.texts.values();
  const text = rule.texts.get(language) ?? rule.texts.get(null) ?? rule.texts.get('en') ?? any;
  try {
    return text?.(facts).trim() ?? '';
  } catch (error) {
    onRuleError({ rule: rule.name, message: `the message failed: ${reasonOf(error)}` });
    return '';
  }
}

function failureText(rule: string, mode: 'deny' | 'audit', language: Language): string {
  if (language === 'pt-BR') {
    const effect = mode === 'deny' ? ', e por isso a consulta não roda' : '';
    return `A condição da regra ${rule} falhou nesta consulta${effect}. Avise quem cuida das políticas.`;
  }
  const effect = mode === 'deny' ? ', so the query does not run' : '';
  return `The condition of rule ${rule} failed on this query${effect}. Tell those who look after the policies.`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
}
