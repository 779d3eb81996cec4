import { expect, test, vi } from 'vitest';
import type { JobFinder } from '../../../src/proxy/jobs/find-job.ts';
import type { Admitted } from '../../../src/proxy/passage.ts';
import { createRepeats } from '../../../src/proxy/repeats.ts';
import type { Stages } from '../../../src/proxy/stages.ts';
import { settle } from '../../../src/proxy/steps/settle.ts';
import { asker } from '../../estimate/builders.ts';
import { queryIn } from '../request/job-requests.ts';

/** A query with a request ID that was admitted, as far as its job is looked for. */
function admitted(id: string): Admitted {
  const job = queryIn('jobs.query', { query: 'SELECT 1', requestId: 'r' });
  const team = { name: 'atendimento' };
  return { id, cap: 1n, job, asker: asker('ana'), team, atMs: 1, coverages: [] } as unknown as Admitted;
}

test.each([
  ['own', 'own', false],
  ['first', 'again', true],
])(
  'a lost job is looked for by the label that was sent, "%s", even once that is forgotten',
  async (label, id, isRepeat) => {
    const repeats = createRepeats(1);
    repeats.sameAsBefore(admitted(label));
    const query = admitted(id);
    const sent = repeats.sameAsBefore(query);
    repeats.forget(query);
    const findJob = vi.fn<JobFinder>(async () => null);

    await settle(query, { kind: 'unheard of', sent }, { findJob, repeats } as unknown as Stages);

    expect(findJob).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ decisionId: label, isRepeat }));
  },
);
