import { parse, serialize } from '@marcbachmann/cel-js';
import { formatBytes } from '../../vocabulary/bytes.ts';
import type { RuleMode } from '../../vocabulary/policy.ts';
import { type ExemptionEntry, exemptionSelectors } from '../rule-life-schema.ts';
import type { RuleEntry } from '../schema.ts';
import { type Entry, type Field, fieldsOf, flowing } from './entry.ts';

const STRENGTH: Readonly<Record<RuleMode, bigint>> = { audit: 0n, warn: 1n, deny: 2n };

/** A rule, as a diff tells it. */
export function ruleEntry(rule: RuleEntry): Entry {
  const { name, mode, teams, when, maximum_bytes_billed: cap } = rule;
  const condition = when === undefined ? null : conditionText(when);
  const does = [
    mode ?? [],
    cap === undefined ? [] : `caps at ${formatBytes(cap)}`,
    rule.enforce_from === undefined ? [] : `enforced from ${rule.enforce_from}`,
  ]
    .flat()
    .join(', ');
  const whom = teams === undefined ? 'everybody' : teams.toSorted().join(', ');
  return {
    name,
    fields: fieldsOf({
      mode: mode === undefined ? null : modeField(mode),
      ...lifeFields(rule),
      teams: { text: whom, list: teams?.toSorted() ?? ['everybody'] },
      condition: condition === null ? null : `\`${condition}\``,
      cap: cap === undefined ? null : capField(cap),
      ...messageFields(rule),
      'on error': rule.on_error === (mode === 'deny' ? 'deny' : 'audit') ? null : rule.on_error,
    }),
    summary: `${does} for ${whom}${condition === null ? '' : `: \`${condition}\``}`,
    restricts: mode === 'deny' || cap !== undefined,
  };
}

function modeField(mode: RuleMode): Field {
  return { text: mode, strictness: { kind: 'mode', value: STRENGTH[mode] } };
}

function capField(bytes: bigint): Field {
  return {
    text: formatBytes(bytes),
    amount: { unit: 'bytes', value: bytes },
    strictness: { kind: 'bytes', value: -bytes },
  };
}

function lifeFields({ warn_from, enforce_from, rollout, modes = {} }: RuleEntry) {
  const share = rollout?.perTenThousand;
  const ofTeams = Object.entries(modes).map(([team, own]) => {
    const {
      mode,
      warn_from: warns = null,
      enforce_from: enforces = null,
    } = typeof own === 'string' ? { mode: own } : own;
    const dates = [warns && `warns from ${warns}`, enforces && `enforced from ${enforces}`].filter(
      (date) => date !== null,
    );
    return [`mode for ${team}`, { ...modeField(mode), text: [mode, ...dates].join(', ') }] as const;
  });
  return {
    'warns from': warn_from,
    'enforced from': enforce_from,
    'rolled out to':
      share === undefined
        ? null
        : { text: `${share / 100}%`, strictness: { kind: 'share', value: BigInt(share) } },
    ...Object.fromEntries(ofTeams),
  };
}

function messageFields({ message }: RuleEntry) {
  if (message === undefined) return {};
  if (typeof message === 'string') return { message: flowing(message) };
  const { en, 'pt-BR': pt } = message;
  return { 'message in en': en && flowing(en), 'message in pt-BR': pt && flowing(pt) };
}

/** A condition without its remarks and line breaks. */
function conditionText(when: string): string {
  return serialize(parse(when).ast);
}

/** An exemption goes by its rule and by whom it is for: it has no name of its own. */
export function exemptionEntry(exemption: ExemptionEntry): Entry {
  const { rule, owner, reason, until } = exemption;
  const whom = exemptionSelectors.flatMap((kind) =>
    exemption[kind] === undefined ? [] : [`${kind} ${exemption[kind]}`],
  );
  return {
    name: `${rule} for ${whom.join(', ')}`,
    fields: fieldsOf({ until, owner, reason: flowing(reason) }),
    summary: `until ${until}, ${owner}: ${flowing(reason)}`,
    restricts: false,
  };
}
