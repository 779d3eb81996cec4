import { describe, expect, test } from 'vitest';
import { moduleBeside } from '../../src/children/child.ts';

describe('the code of another process', () => {
  test('is TypeScript beside the source that starts it', () => {
    const { href } = moduleBeside('file:///app/src/sql/reading-process.ts', 'reading-process-main');

    expect(href).toBe('file:///app/src/sql/reading-process-main.ts');
  });

  test('is JavaScript beside the part of the bundle that starts it', () => {
    const { href } = moduleBeside('file:///app/dist/serve-D4OBCh2r.js', 'reading-process-main');

    expect(href).toBe('file:///app/dist/reading-process-main.js');
  });
});
