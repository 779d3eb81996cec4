import { expect, test } from 'vitest';
import { foreseenModels, modelShare, modelsOf } from '../../src/vocabulary/models.ts';

test('the share of bytes that go into models is "none", "all", or a number out of all bytes', () => {
  expect(modelShare(0n, 10n)).toBe('none');
  expect(modelShare(0n, 0n)).toBe('none');
  expect(modelShare(3n, 10n)).toEqual({ ofModels: 3n, ofAll: 10n });
  expect(modelShare(10n, 10n)).toBe('all');
  expect(modelShare(11n, 10n)).toBe('all');
});

test('the bytes of a single statement go into a model entirely or not at all', () => {
  expect(['CREATE_MODEL', 'SELECT', 'EXPORT_MODEL', null].map(modelsOf)).toEqual([
    'all',
    'none',
    'none',
    'none',
  ]);
});

test.each(['SCRIPT', 'CALL', 'UNKNOWN'])(
  'before it runs, all bytes of a %s count as bytes for models if its SQL may create one',
  (statementType) => {
    expect(foreseenModels(statementType, () => true)).toBe('all');
    expect(foreseenModels(statementType, () => false)).toBe('none');
  },
);

test('before it runs, a single statement is judged by its statement type, not by its SQL', () => {
  expect(foreseenModels('SELECT', () => true)).toBe('none');
  expect(foreseenModels('CREATE_MODEL', () => false)).toBe('all');
});
