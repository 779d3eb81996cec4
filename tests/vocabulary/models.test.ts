import { expect, test } from 'vitest';
import { foreseenModels, modelShare, modelsOf } from '../../src/vocabulary/models.ts';

test('what goes into models is told as none, as all, or as so much of so much', () => {
  expect(modelShare(0n, 10n)).toBe('none');
  expect(modelShare(0n, 0n)).toBe('none');
  expect(modelShare(3n, 10n)).toEqual({ ofModels: 3n, ofAll: 10n });
  expect(modelShare(10n, 10n)).toBe('all');
  expect(modelShare(11n, 10n)).toBe('all');
});

test('a statement by itself goes into a model wholly or not at all', () => {
  expect(['CREATE_MODEL', 'SELECT', 'EXPORT_MODEL', null].map(modelsOf)).toEqual([
    'all',
    'none',
    'none',
    'none',
  ]);
});

test.each(['SCRIPT', 'CALL', 'UNKNOWN'])(
  'before it runs, all of what the warehouse calls %s is taken to go into models where its SQL may make one',
  (statementType) => {
    expect(foreseenModels(statementType, () => true)).toBe('all');
    expect(foreseenModels(statementType, () => false)).toBe('none');
  },
);

test('before it runs, one statement is what the warehouse calls it, whatever its words', () => {
  expect(foreseenModels('SELECT', () => true)).toBe('none');
  expect(foreseenModels('CREATE_MODEL', () => false)).toBe('all');
});
