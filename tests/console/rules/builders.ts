import type { RuleInForce } from '../../../src/policy/policy.ts';

/** A rule that warns all teams. */
export const rule: RuleInForce = {
  name: 'large',
  source: { file: 'policies/a.yaml', line: 3, column: 5 },
  life: { schedule: { mode: 'warn', warnFrom: null, enforceFrom: null }, byTeam: new Map(), rollOut: null },
  exemptions: [],
  teams: null,
  maximumBytesBilled: null,
};
