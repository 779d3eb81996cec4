import { expect, test } from 'vitest';
import { writeFilesAtomically } from '../../../src/foundation/files/atomic-files.ts';

test('files are refused a folder that the system does not make, as below /proc', async () => {
  const files = [{ name: 'report.html', content: '' }];

  await expect(writeFilesAtomically('/proc/guardrail', files)).rejects.toMatchObject({ code: 'ENOENT' });
});
