import { describe, expect, test } from 'vitest';
import type { Health } from '../../../src/console/health/gather.ts';
import { healthPage } from '../../../src/console/health/page.ts';
import type { Problem } from '../../../src/ops/readiness.ts';
import { pageContext } from '../builders.ts';

const about = { url: '/health', nowMs: Date.UTC(2026, 10, 24, 12) };
const analyst = pageContext('analyst', about);
const viewer = pageContext('viewer', about);

const well: Health = {
  problems: { isReady: true, ledger: null, reader: null },
  unread: null,
  spooled: 0,
  replicas: [],
  thisReplica: 'a',
  policyVersion: 'v1',
  rejectedEdit: null,
  reconciliation: null,
  head: null,
  dryRuns: { count: 0, halfWithinSeconds: null, mostWithinSeconds: null },
  upstreamErrors: [],
  ledgerErrors: [],
};
const full: Problem = { what: 'cannot be written', why: new Error('/var/lib/ledger.db: the disk is full') };

describe('the page on health', () => {
  test('raises no alarm while everything works', () => {
    const page = healthPage(well, analyst);

    expect(page).not.toContain('role="alert"');
    expect(page).not.toContain('pill bad');
  });

  test('says that queries are refused if none can be guarded', () => {
    const page = healthPage({ ...well, problems: { isReady: false, ledger: full, reader: null } }, analyst);

    expect(page).toContain('Queries are refused with HTTP 503');
    expect(page).not.toContain('each capped at its estimate');
  });

  test('says that queries run with a cap if they do so without the ledger', () => {
    const page = healthPage({ ...well, problems: { isReady: true, ledger: full, reader: null } }, analyst);

    expect(page).toContain('each capped at its estimate');
    expect(page).not.toContain('Queries are refused');
  });

  test('gives the reason of a problem, which contains paths, to analysts only', () => {
    const health = { ...well, problems: { isReady: false, ledger: full, reader: null } };

    expect(healthPage(health, analyst)).toContain('the disk is full');
    expect(healthPage(health, viewer)).not.toContain('the disk is full');
    expect(healthPage(health, viewer)).toContain('cannot be written');
  });

  test('shows the end of the chain, shortened', () => {
    const head = { seal: 12, hash: '0123456789abcdef0123456789abcdef', atMs: about.nowMs };

    expect(healthPage({ ...well, head }, analyst)).toContain('<code>12:0123456789abcdef…</code>');
  });

  test('says how long dry runs take, and that some take longer than is measured', () => {
    const dryRuns = { count: 40, halfWithinSeconds: 0.25, mostWithinSeconds: Number.POSITIVE_INFINITY };

    expect(healthPage({ ...well, dryRuns }, analyst)).toContain(
      '40; half within 250 ms, 95 % within &gt; 5 s',
    );
  });
});
