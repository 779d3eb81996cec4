import { expect, test } from 'vitest';
import { decisionPage } from '../../../src/console/decisions/page.ts';
import type { PageContext } from '../../../src/console/page.ts';
import { redactionFor } from '../../../src/ops/access/redact.ts';
import type { Role } from '../../../src/ops/access/visitor.ts';
import { decision } from '../../records/builders.ts';

function contextOf(role: Role): PageContext {
  const visitor = { name: 'somebody', role };
  return {
    language: 'en',
    theme: 'auto',
    visitor,
    redaction: redactionFor(visitor, () => 'person-4f2a9c1d'),
    url: '/',
    nowMs: 0,
    timeZone: 'UTC',
  };
}

/** The page of a query from a dashboard with a person's address in its name. */
function pageFor(role: Role): string {
  const plain = decision();
  const caller = { ...plain.caller, dashboard: 'of ana@example.com', card: '7' };
  const record = { ...plain, caller, settlement: null };
  return decisionPage({ record, rewrites: [], balances: [] }, contextOf(role));
}

test('a dashboard shown by its name links to its decisions', () => {
  expect(pageFor('analyst')).toContain('href="/decisions?dashboard=of+ana%40example.com"');
});

test('a dashboard shown to viewers under a pseudonym has no link, since no decision has that name', () => {
  const page = pageFor('viewer');

  expect(page).toContain('<bdi>of person-4f2a9c1d</bdi>');
  expect(page).not.toContain('/decisions?dashboard=');
  expect(page).toContain('href="/decisions?card=7"');
});

test('viewers, who see no list by principal, get no link to the decisions of a principal', () => {
  expect(pageFor('analyst')).toContain('/decisions?principal=');
  expect(pageFor('viewer')).not.toContain('/decisions?principal=');
});
