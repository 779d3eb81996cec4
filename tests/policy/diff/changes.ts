import { expect } from 'vitest';
import { diffPolicies, type PolicyDiff } from '../../../src/policy/diff/diff.ts';
import { readSections } from '../../../src/policy/document/sections.ts';
import { errorsOf, PRICING, TEAMS } from '../builders.ts';

export function sectionsOf(text: string, base = TEAMS + PRICING) {
  const files = { 'base.yaml': `version: 1\n${base}`, 'own.yaml': `version: 1\n${text}` };
  expect(errorsOf(files)).toEqual([]);
  return readSections(Object.entries(files).map(([name, of]) => ({ file: `policies/${name}`, text: of })));
}

/** 24 November 2026, noon. */
export const NOW_MS = Date.UTC(2026, 10, 24, 12);

/** Every change, as `name field: before -> after, effect`. */
export function changes(before: string, after: string): readonly string[] {
  return linesOf(diffPolicies(sectionsOf(before), sectionsOf(after), NOW_MS));
}

export function linesOf(diff: PolicyDiff): readonly string[] {
  const effect = (of: string | null) => (of === null ? '' : `, ${of}`);
  return diff.changes.flatMap((change) =>
    change.fields.length === 0
      ? [`${change.name} ${change.kind}: ${change.summary}${effect(change.effect)}`]
      : change.fields.map(
          ({ field, before, after, effect: own }) =>
            `${change.name} ${field}: ${before?.text ?? 'none'} -> ${after?.text ?? 'none'}${effect(own)}`,
        ),
  );
}

export const RULE = `
rules:
  - name: no-star
    mode: deny
    teams: [finops, atendimento]
    when: query.star && query.bytes_billed > gib(5)
    message: { en: Name the columns., pt-BR: Escolha as colunas. }
budgets:
  - { name: day, team: finops, window: day, limit: 20 GiB, warn_at: [80%, 100%] }
`;
