import { expect, test } from 'vitest';
import type { StoredRewrite } from '../../../src/advice/rewrite-store.ts';
import type { DecisionInFull } from '../../../src/console/decisions/gather.ts';
import { decisionPage } from '../../../src/console/decisions/page.ts';
import type { PageContext } from '../../../src/console/page.ts';
import type { Role } from '../../../src/ops/access/visitor.ts';
import { redactionFor } from '../../../src/ops/redaction/redact.ts';
import type { DecisionRecord } from '../../../src/records/decisions/decision-record.ts';
import { NO_SQL } from '../../../src/vocabulary/reading.ts';
import { brlLimit, budget, pricing } from '../../budget/builders.ts';
import { decision, settlement } from '../../records/builders.ts';

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

/** A decision about which nothing else is known, except for what is given. */
function inFull(record: DecisionRecord, more: Partial<DecisionInFull> = {}): DecisionInFull {
  return { record, rewrites: [], balances: [], contacts: [], pricing, ...more };
}

/** The page of a query from a dashboard with a person's address in its name. */
function pageFor(role: Role): string {
  const plain = decision();
  const caller = { ...plain.caller, dashboard: 'of ana@example.com', card: '7' };
  const record = { ...plain, caller, settlement: null };
  return decisionPage(inFull(record), contextOf(role));
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

test('a query that a budget refused leads to the form for a grant, filled in; no pseudonym becomes an account', () => {
  const perPerson = budget({ name: 'person-day', per: 'person' });
  const window = { key: 'day', startMs: 0, endMs: 1 };
  const amounts = { limit: 10n, granted: 0n, used: 9n, reserved: 0n };
  const balances = [{ budget: perPerson, account: 'metabase:21', window, ...amounts }];
  const refused = {
    ...decision(),
    outcome: 'refused',
    cause: 'person-day',
    hits: [],
    settlement: null,
  } as const;
  const pageAs = (role: Role, record: DecisionRecord = refused) =>
    decisionPage(inFull(record, { balances }), contextOf(role));

  expect(pageAs('analyst')).toContain('<a href="/grants?budget=person-day&amp;account=metabase%3A21">');
  expect(pageAs('viewer')).toContain('<a href="/grants?budget=person-day">');
  expect(pageAs('analyst', { ...refused, outcome: 'admitted' })).not.toContain('/grants?');
  expect(pageAs('analyst', { ...refused, cause: 'a-rule' })).not.toContain('/grants?');
});

test('a query that one of several rules refused names that rule as the cause', () => {
  const plain = decision();
  const [warned] = plain.hits;
  if (warned === undefined) throw new Error('unreachable: the builder has one hit');
  const hits = [warned, { ...warned, rule: 'large', mode: 'deny' }] as const;
  const record = { ...plain, outcome: 'refused', cause: 'large', hits, settlement: null } as const;

  const page = decisionPage(inFull(record), contextOf('analyst'));

  expect(page).toContain('Rule large refused it.');
  expect(page).toContain('<small>Filtre por created_at.</small>');
});

test('a refused query says whom to ask, to viewers too; one that ran does not', () => {
  const refused = { ...decision(), outcome: 'refused', settlement: null } as const;
  const contacts = ['#data-help', 'ana@example.com'];
  const pageAs = (role: Role, record: DecisionRecord = refused) =>
    decisionPage(inFull(record, { contacts }), contextOf(role));

  expect(pageAs('viewer')).toContain('If you need it as it is, ask #data-help and ana@example.com.</p>');
  expect(pageAs('analyst', { ...refused, outcome: 'admitted' })).not.toContain('#data-help');
});

test('a query that no rule matched has no list of rules', () => {
  const record = { ...decision(), hits: [], settlement: null };

  expect(pageFor('analyst')).toContain('Rules that matched');
  expect(decisionPage(inFull(record), contextOf('analyst'))).not.toContain('Rules that matched');
});

test('the steps that a query did not reach are told from those it went through', () => {
  const record = { ...decision(), estimate: null, outcome: 'failed', settlement: null } as const;

  const page = decisionPage(inFull(record), contextOf('analyst'));

  expect(page).toContain('<li class="done"><b>Read</b>');
  expect(page).toContain('<li class="stop"><b>Estimate</b>');
  expect(page).toContain('<li class="skipped"><b>Forward</b><span class="what">not reached</span>');
});

test('what a query came to is told from what is only charged for it, as long as its cost is not known', () => {
  const pageOf = (settled: DecisionRecord['settlement']) =>
    decisionPage(inFull({ ...decision(), settlement: settled }), contextOf('analyst'));

  expect(pageOf(settlement())).toContain('It was billed');
  expect(pageOf(settlement({ source: 'assumed', jobId: null }))).not.toContain('It was billed');
  expect(pageOf(settlement({ source: 'assumed', jobId: null }))).toContain('what it was billed is not known');
  expect(pageOf(null)).toContain('what it was billed is not known yet');
});

test('a cheaper form of a query is shown with its saving; its SQL to analysts only', () => {
  const rewrite: StoredRewrite = {
    fingerprint: 'f',
    changes: [{ kind: 'columns', shows: 'subject' }],
    sql: 'SELECT subject FROM atendimento.messages',
    result: 'same',
    bytesBilled: 10n << 20n,
    savedOver: 'run',
    savedBytes: 30n << 20n,
    savedCost: { currency: 'USD', micros: 200n },
    passes: true,
  };
  const record = { ...decision(), settlement: null };
  const pageAs = (role: Role) => decisionPage(inFull(record, { rewrites: [rewrite] }), contextOf(role));

  expect(pageAs('analyst')).toContain('saves 30 MiB, $0.0002 a run');
  expect(pageAs('analyst')).toContain('<pre tabindex="0">SELECT subject FROM atendimento.messages</pre>');
  expect(pageAs('viewer')).toContain('saves 30 MiB, $0.0002 a run');
  expect(pageAs('viewer')).not.toContain('<pre');
});

test('a cost is also given in the currency of a budget, at the rate of that time, as in the refusal', () => {
  const inReais = budget({ name: 'month', window: 'month', limit: brlLimit(300_000_000n) });
  const window = { key: 'month', startMs: 0, endMs: 1 };
  const amounts = { limit: 300_000_000n, granted: 0n, used: 0n, reserved: 0n };
  const balances = [{ budget: inReais, account: '', window, ...amounts }];
  const estimatedCost = { currency: 'USD', micros: 2_000_000n };
  const record = { ...decision(), outcome: 'refused', hits: [], estimatedCost, settlement: null } as const;

  const page = decisionPage(inFull(record, { balances }), contextOf('analyst'));

  expect(page).toContain('cost $2.00 (R$10.80).');
});

test('SQL that nobody read is not said to cost no more than it needs to', () => {
  const record = decision();
  const unread = { ...record.reading, reader: 'none' as const, antiPatterns: [], star: false };
  const pageOf = (reading: DecisionRecord['reading']) =>
    decisionPage(inFull({ ...record, reading, settlement: null }), contextOf('analyst'));

  expect(pageOf({ ...unread, reader: 'polyglot' })).toContain('Nothing in it is known to cost more');
  expect(pageOf(unread)).not.toContain('Nothing in it is known to cost more');
  expect(pageOf(unread)).toContain('It was not read, so nothing is known about that.');
});

test('a job without SQL is not said to have SQL that the policy does not keep, or that nobody read', () => {
  const record = decision();
  const reading = { ...record.reading, reader: 'none' as const, unreadReason: NO_SQL, statement: 'LOAD' };

  const page = decisionPage(inFull({ ...record, sql: '', reading, settlement: null }), contextOf('analyst'));

  expect(page).toContain('The job holds no SQL.');
  expect(page).not.toContain('The policy keeps no SQL.');
  expect(page).not.toContain('What makes it costly');
});

test('a job without SQL passes no step that only queries pass, and is stopped only where the warehouse refused it', () => {
  const record = decision();
  const reading = { ...record.reading, reader: 'none' as const, unreadReason: NO_SQL, statement: 'LOAD' };
  const job = { ...record, sql: '', reading, estimate: null, hits: [], maximumBytesBilled: null };
  const stepsOf = (outcome: DecisionRecord['outcome'], settled: DecisionRecord['settlement']) => {
    const page = decisionPage(inFull({ ...job, outcome, settlement: settled }), contextOf('analyst'));
    return [...page.matchAll(/<li class="(done|stop|skipped)"><b>(\w+)/g)].map(([, look, step]) => [
      step,
      look,
    ]);
  };

  expect(stepsOf('admitted', settlement())).toEqual([
    ['Identify', 'done'],
    ['Forward', 'done'],
    ['Settle', 'done'],
  ]);
  expect(stepsOf('failed', null)).toEqual([
    ['Identify', 'done'],
    ['Forward', 'stop'],
    ['Settle', 'skipped'],
  ]);
});

test('a job that bypassed guardrail has no path through it', () => {
  const pageOf = (outcome: DecisionRecord['outcome']) =>
    decisionPage(inFull({ ...decision(), outcome, settlement: null }), contextOf('analyst'));

  expect(pageOf('admitted')).toContain('Its path through guardrail');
  expect(pageOf('unguarded')).not.toContain('Its path through guardrail');
});
