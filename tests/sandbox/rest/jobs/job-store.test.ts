import { expect, test } from 'vitest';
import type { Job } from '../../../../src/sandbox/rest/jobs/job.ts';
import { createJobStore, DEFAULT_JOB_LIMITS } from '../../../../src/sandbox/rest/jobs/job-store.ts';
import { PROJECT } from '../sandbox.ts';

/** A job that has ended, whose text has that many characters. */
function job(sequence: number, characters: number): Job {
  const progress = {
    state: 'DONE',
    endTimeMs: 1,
    statistics: null,
    error: null,
    affectedRows: null,
  } as const;
  return {
    reference: { projectId: PROJECT, jobId: `job_${sequence}`, location: 'US' },
    principal: 'ana@guardrail-demo.example',
    query: {
      request: { projectId: PROJECT, sql: ' '.repeat(characters), parameters: [] },
      maximumBytesBilled: null,
      useQueryCache: true,
      priority: 'INTERACTIVE',
      labels: {},
    },
    sequence,
    creationTimeMs: 0,
    resultId: '',
    progress: () => progress,
    planned: Promise.resolve(),
    done: Promise.resolve(progress),
    cancel: () => undefined,
  };
}

function remembered(jobs: number, characters: number): readonly number[] {
  const store = createJobStore(DEFAULT_JOB_LIMITS);
  for (let n = 1; n <= jobs; n += 1) store.add(job(n, characters));
  return [...store.newestFirst(PROJECT)].map((one) => one.sequence);
}

test.each([
  [50_000, 4000],
  [100_000, 1600],
])('%i jobs whose text has %i characters are remembered', (jobs, characters) => {
  const sequences = remembered(jobs, characters);

  expect(sequences).toHaveLength(jobs);
  expect([sequences.at(0), sequences.at(-1)]).toEqual([jobs, 1]);
});

test('the number of jobs and the size of their text are limited', () => {
  expect(remembered(100_001, 10).at(-1)).toBe(2);
  expect(remembered(2000, 1_000_000).length).toBeLessThan(300);
});
