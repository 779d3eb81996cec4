import { expect, test } from 'vitest';
import {
  type CheckReport,
  checkReportAsAnnotations,
  checkReportAsJson,
  checkReportAsText,
} from '../../../../src/commands/policy/check/formats.ts';
import { policyError } from '../../../../src/policy/document/errors.ts';

const right: CheckReport = {
  folder: 'conf/policies',
  version: 'abc123',
  errors: [],
  warnings: [],
  counts: { teams: 1, budgets: 2, rules: 0, tables: 3 },
};
const source = { file: 'policies/a,b.yaml', line: 3, column: 7 };
const wrong: CheckReport = {
  ...right,
  counts: null,
  errors: [policyError(source, '"mode" is "50% off"', 'expected one of audit, warn\nor deny')],
};
const doubtful: CheckReport = {
  ...right,
  warnings: [policyError(source, 'rule r can never hold', 'expected another')],
};

test('valid files are summed up in one line', () => {
  expect(checkReportAsText(right)).toBe(
    'The policy files in conf/policies are right: version abc123, 1 team, 2 budgets, 0 rules, 3 tables.\n',
  );
});

test('errors are listed with their position, separately from warnings', () => {
  expect(checkReportAsText(wrong)).toMatch(
    /^policies\/a,b\.yaml:3:7: "mode" is .*\nor deny\n.*have 1 error\. Fix/,
  );
  expect(checkReportAsText(doubtful)).toMatch(
    /^policies\/a,b\.yaml:3:7: warning: rule r .*\n.*are right, with 1 warning:/,
  );
});

test('the JSON has each with its position and its path from the working folder', () => {
  expect(JSON.parse(checkReportAsJson(wrong))).toMatchObject({
    ok: false,
    version: 'abc123',
    errors: [{ file: 'policies/a,b.yaml', path: 'conf/policies/a,b.yaml', line: 3, column: 7 }],
    warnings: [],
  });
});

test('annotations escape characters that end a property, a message or a line', () => {
  expect(checkReportAsAnnotations(wrong)).toBe(
    '::error file=conf/policies/a%2Cb.yaml,line=3,col=7,title=guardrail policy check::' +
      '"mode" is "50%25 off"; expected one of audit, warn%0Aor deny\n',
  );
  expect(checkReportAsAnnotations(doubtful)).toMatch(
    /^::warning file=.*::rule r can never hold; expected another\n$/,
  );
  expect(checkReportAsAnnotations(right)).toBe('');
});
