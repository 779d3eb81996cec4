import { describe, expect, it } from 'vitest';
import { jobName, parseJobName } from '../../src/vocabulary/job-name.ts';

describe('the name of a job', () => {
  it('is read even if the project contains a colon or the location is left out', () => {
    expect(parseJobName('example.com:project:southamerica-east1.job_1')).toEqual({
      projectId: 'example.com:project',
      location: 'southamerica-east1',
      jobId: 'job_1',
    });
    expect(parseJobName('project:job_1')).toEqual({ projectId: 'project', location: null, jobId: 'job_1' });
  });

  it('is written as BigQuery writes it', () => {
    expect(jobName({ projectId: 'project', location: 'US', jobId: 'job_1' })).toBe('project:US.job_1');
    expect(jobName({ projectId: 'project', location: null, jobId: 'job_1' })).toBe('project:job_1');
  });
});
