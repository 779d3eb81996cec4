import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PRICING, policyOf, question, TEAMS } from '../builders.ts';

const CONDITIONS = [
  'query.star',
  'query.bytes_billed > gib(1)',
  'query.tables[5].star',
  'query.tables.exists(t, t.filtered[9] == "x")',
  'now.weekday > 5 || query.bytes_billed / (query.limit + 1) > 5',
  'int(caller.person) > 5',
  'true',
];

const mode = fc.constantFrom('audit', 'warn', 'deny');
const teams = fc.constantFrom('', 'teams: [finops]', 'teams: [atendimento, unassigned]');
const date = fc.constantFrom('', 'enforce_from: 2026-12-01', 'enforce_from: 2026-11-01');
const share = fc.constantFrom('', 'rollout: 50%', 'rollout: 0%');
const onError = fc.constantFrom('', 'on_error: allow', 'on_error: audit', 'on_error: deny');
const cap = fc.constantFrom('', 'maximum_bytes_billed: 2 GiB', 'maximum_bytes_billed: 0 B');
const exempt = fc.constantFrom(null, 'person: "metabase:12"', 'table: "*.messages"', 'team: finops');

const rule = fc.record({
  mode,
  when: fc.constantFrom(...CONDITIONS),
  teams,
  date,
  share,
  onError,
  cap,
  exempt,
});
/** The parts of a rule as they are written in a file; empty parts are left out. */
interface Written {
  readonly mode: string;
  readonly when: string;
  readonly teams: string;
  readonly date: string;
  readonly share: string;
  readonly onError: string;
  readonly cap: string;
  readonly exempt: string | null;
}

/** The entries of a rule and its exemption; parts that cannot be combined are left out. */
function entriesOf(own: Written, index: number) {
  const name = `r${index}`;
  const parts = [own.teams, own.mode === 'audit' ? '' : own.date, own.share, own.onError, own.cap].filter(
    (part) => part !== '',
  );
  const exemption = own.teams.includes('atendimento') && own.exempt === 'team: finops' ? null : own.exempt;
  return {
    rule: `  - { name: ${name}, mode: ${own.mode}, when: '${own.when}', message: no, ${parts.join(', ')} }\n`,
    exemption:
      exemption === null
        ? ''
        : `  - { rule: ${name}, ${exemption}, owner: ana, reason: closing, until: 2026-12-31 }\n`,
  };
}

const queryOptions = fc.record({
  sql: fc.constantFrom('SELECT 1', 'SELECT * FROM messages', 'SELECT a FROM messages, tickets LIMIT 7'),
  principal: fc.constantFrom('metabase@x.example', 'metabase-finops@x.example', null),
  bytes: fc.constantFrom(0n, 10n << 20n, 3n << 30n),
  accuracy: fc.constantFrom('PRECISE' as const, 'UPPER_BOUND' as const),
  caller: fc.record({ tool: fc.constant('metabase'), person: fc.constantFrom('12', 'ana', null) }),
  atMs: fc.constantFrom(Date.UTC(2026, 10, 30, 23), Date.UTC(2026, 11, 1), Date.UTC(2027, 0, 1)),
});

function policyOfRules(written: readonly Written[]) {
  const entries = written.map(entriesOf);
  const rules = entries.map((entry) => entry.rule).join('');
  const exemptions = entries.map(({ exemption }) => exemption).join('');
  return policyOf({
    'a.yaml': `${TEAMS}${PRICING}rules:\n${rules}exemptions:${exemptions === '' ? ' []' : ''}\n${exemptions}`,
  });
}

test('the opinions of single rules add up to the verdict, for any rules and any query', () => {
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), queryOptions, (written, query) => {
      const policy = policyOfRules(written);
      const one = question(policy, query);

      const verdict = policy.decide(one);
      const opinions = policy.opinionsOn(one);

      expect(opinions.flatMap(({ hit }) => hit ?? [])).toEqual(verdict.hits);
      const caps = opinions.flatMap((opinion) => opinion.cap ?? []);
      expect(caps.toSorted((a, b) => Number(a - b))[0] ?? null).toBe(verdict.maximumBytesBilled);
    }),
  );
});

test('a rule with mode deny refuses a query on which its condition fails, by default', () => {
  fc.assert(
    fc.property(rule, queryOptions, (written, query) => {
      const strict = { ...written, mode: 'deny', date: '', share: '', onError: '', exempt: null };
      const policy = policyOfRules([strict]);
      const one = question(policy, query);
      fc.pre(policy.opinionsOn(one)[0]?.outcome === 'failed');

      expect(policy.decide(one).outcome).toBe('deny');
    }),
  );
});
