import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileCondition } from '../../../src/policy/conditions/conditions.ts';
import { readSections } from '../../../src/policy/document/sections.ts';
import { outcomeOf } from '../../../src/policy/warnings/condition-outcome.ts';
import { factDomains } from '../../../src/policy/warnings/fact-domains.ts';
import { PRICING, policyOf, question, TEAMS } from '../builders.ts';

const CATALOG = `
catalog:
  tables:
    - { table: guardrail-demo.atendimento.old, status: legacy, replacement: guardrail-demo.atendimento.new }
    - { table: guardrail-demo.atendimento.new, status: governed, owner: dados }
`;
const policy = policyOf({ 'a.yaml': TEAMS + PRICING + CATALOG });
const sections = readSections([
  { file: 'policies/a.yaml', text: `version: 1\n${TEAMS}${PRICING}${CATALOG}` },
]);
const domains = factDomains({ name: 'r' }, sections);

const operator = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
const whole = fc.integer({ min: -2, max: 26 });
const clock = fc.constantFrom('now.hour', 'now.weekday');
const ofClock = fc.tuple(clock, operator, whole).map((parts) => parts.join(' '));
const inHours = fc.tuple(clock, fc.array(whole, { maxLength: 4 })).map(([fact, of]) => `${fact} in [${of}]`);
const quoted = fc.constantFrom('"finops"', '"unassigned"', '"nobody"', '"PRECISE"', '"EXACT"');
const named = fc
  .tuple(fc.constantFrom('caller.team', 'query.accuracy'), operator, quoted)
  .map((parts) => parts.join(' '));
const ofTable = fc
  .tuple(
    fc.constantFrom('t.status', 't.owner', 't.replacement'),
    operator,
    fc.constantFrom('"legacy"', '"lost"', '"dados"', '""', '"unknown"'),
  )
  .map((parts) => parts.join(' '));
const ofTables = fc
  .tuple(fc.constantFrom('exists', 'all'), ofTable)
  .map(([macro, of]) => `query.tables.${macro}(t, ${of})`);

const condition = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(ofClock, inHours, named, ofTables, fc.constantFrom('true', 'false', 'query.star')),
    fc.tuple(tie('any'), fc.constantFrom('&&', '||'), tie('any')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('any').map((inner) => `!(${inner})`),
  ),
})).any;

const queryOptions = fc.record({
  sql: fc.constantFrom('SELECT 1', 'SELECT * FROM old', 'SELECT a FROM old, new', 'SELECT a FROM other'),
  principal: fc.constantFrom('metabase-finops@x.example', 'somebody@y.example', null),
  accuracy: fc.constantFrom('PRECISE' as const, 'UNKNOWN' as const),
  atMs: fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) }),
});

test('a condition predicted to have one outcome for every query has it for any query', () => {
  fc.assert(
    fc.property(condition, queryOptions, (when, query) => {
      const predicted = outcomeOf(when, domains);
      fc.pre(predicted !== null);
      const program = compileCondition(when);
      if (typeof program !== 'function') throw new Error(`${when}: ${program.problem}`);

      expect(program(policy.factsOn(question(policy, query)))).toBe(predicted);
    }),
    { numRuns: 2_000 },
  );
});
