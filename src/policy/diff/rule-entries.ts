import { isDeepStrictEqual } from 'node:util';
import { parse, serialize } from '@marcbachmann/cel-js';
import { formatBytes } from '../../vocabulary/bytes.ts';
import type { RuleMode } from '../../vocabulary/policy.ts';
import { type ExemptionEntry, exemptionSelectors } from '../document/rule-life-schema.ts';
import type { RuleEntry } from '../document/schema.ts';
import { modesOf } from '../rules/rule-modes.ts';
import { amountField, type DiffEntry, type Field, fieldsOf, singleLine } from './entry.ts';

const STRENGTH: Readonly<Record<RuleMode | 'none', bigint>> = { none: 0n, audit: 1n, warn: 2n, deny: 3n };

/** Less than a cap of any size. */
const NO_CAP: Field = { text: 'none', strictness: { kind: 'bytes', value: -(2n ** 64n) } };

const WHOLE_SHARE = 10_000;

/** The field with a rule's share of fingerprints. */
export const ROLLED_OUT_TO = 'rolled out to';

/** A rule as a diff shows it. */
export function ruleEntry(rule: RuleEntry): DiffEntry {
  const { name, mode, teams, when, maximum_bytes_billed: cap } = rule;
  const condition = when === undefined ? null : conditionText(when);
  const effects = [
    mode,
    cap === undefined ? undefined : `caps at ${formatBytes(cap)}`,
    rule.enforce_from && `enforced from ${rule.enforce_from}`,
  ]
    .filter((effect) => effect !== undefined)
    .join(', ');
  const audience = teams === undefined ? 'everybody' : teams.toSorted().join(', ');
  return {
    name,
    fields: fieldsOf({
      mode: modeField(mode ?? 'none'),
      ...lifeFields(rule),
      teams: { text: audience, list: teams?.toSorted() ?? ['everybody'] },
      condition: condition === null ? null : `\`${condition}\``,
      cap: cap === undefined ? NO_CAP : capField(cap),
      ...messageFields(rule),
      contact: rule.contact,
      'on error': isDefaultOnError(rule) ? null : rule.on_error,
    }),
    summary: `${effects} for ${audience}${condition === null ? '' : `: \`${condition}\``}`,
    presence: modesOf(rule).includes('deny') || cap !== undefined ? 'tightens' : null,
  };
}

/** Whether it is the default, in whatever mode a team is told. */
function isDefaultOnError(rule: RuleEntry): boolean {
  const modes = modesOf(rule);
  if (rule.on_error === 'deny') return modes.length > 0 && modes.every((mode) => mode === 'deny');
  return rule.on_error === 'audit' && modes.every((mode) => mode !== 'deny');
}

function modeField(mode: RuleMode | 'none'): Field {
  return { text: mode, strictness: { kind: 'mode', value: STRENGTH[mode] } };
}

function capField(bytes: bigint): Field {
  return { ...amountField('bytes', bytes), strictness: { kind: 'bytes', value: -bytes } };
}

function lifeFields({ warn_from, enforce_from, rollout, modes = {} }: RuleEntry) {
  const share = rollout?.perTenThousand ?? WHOLE_SHARE;
  const teamFields = Object.entries(modes).map(([team, teamMode]) => {
    const {
      mode,
      warn_from: warns = null,
      enforce_from: enforces = null,
    } = typeof teamMode === 'string' ? { mode: teamMode } : teamMode;
    const dates = [warns && `warns from ${warns}`, enforces && `enforced from ${enforces}`].filter(
      (date) => date !== null,
    );
    return [`mode for ${team}`, { ...modeField(mode), text: [mode, ...dates].join(', ') }] as const;
  });
  return {
    'warns from': warn_from,
    'enforced from': enforce_from,
    [ROLLED_OUT_TO]: { text: `${share / 100}%`, strictness: { kind: 'share', value: BigInt(share) } },
    ...Object.fromEntries(teamFields),
  };
}

function messageFields({ message }: RuleEntry) {
  if (message === undefined) return {};
  if (typeof message === 'string') return { message: singleLine(message) };
  const { en, 'pt-BR': pt } = message;
  return { 'message in en': en && singleLine(en), 'message in pt-BR': pt && singleLine(pt) };
}

/**
 * A condition without comments and line breaks. The library drops some significant parentheses, such as those in `a -
 * (b - c)`: the condition is then kept as written.
 */
function conditionText(when: string): string {
  const { ast } = parse(when);
  const text = serialize(ast);
  return isDeepStrictEqual(shapeOf(parse(text).ast), shapeOf(ast)) ? text : singleLine(when);
}

/** A syntax tree without its nodes' positions. */
function shapeOf(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(shapeOf);
  if (typeof part !== 'object' || part === null || !('op' in part) || !('args' in part)) return part;
  return [part.op, shapeOf(part.args)];
}

/**
 * An exemption has no name of its own: it is identified by its rule and by whom it is for.
 * @param hasEnded whether it exempts nothing any more, so that its presence means nothing
 */
export function exemptionEntry(exemption: ExemptionEntry, hasEnded: boolean): DiffEntry {
  const { rule, owner, reason, until } = exemption;
  const subjects = exemptionSelectors.flatMap((kind) =>
    exemption[kind] === undefined ? [] : [`${kind} ${exemption[kind]}`],
  );
  return {
    name: `${rule} for ${subjects.join(', ')}`,
    fields: fieldsOf({ until: untilField(until, hasEnded), owner, reason: singleLine(reason) }),
    summary: `until ${until}${hasEnded ? ', which has passed' : ''}, ${owner}: ${singleLine(reason)}`,
    presence: hasEnded ? null : 'loosens',
  };
}

/** The later, the looser; all days that have passed are the same. */
function untilField(until: string, hasEnded: boolean): Field {
  const value = hasEnded ? 0n : -BigInt(until.replaceAll('-', ''));
  return { text: until, strictness: { kind: 'until', value } };
}
