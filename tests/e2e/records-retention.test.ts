import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ATENDIMENTO, eventually, useHouse } from './guardrail.ts';

const policy = (retention: string) => `version: 1
teams:
  - { name: atendimento, language: en, principals: ["${ATENDIMENTO}"] }
rules:
  - { name: no-star, mode: deny, when: query.star, message: Name the columns. }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
records: { sql: ${retention} }
`;

const house = useHouse({ sandbox: { messages: 3_000 }, policies: { 'records.yaml': policy('stored') } });

async function retain(retention: string): Promise<void> {
  const { version } = await house.ops('/api/v1/policy');
  await writeFile(join(house.policies(), 'records.yaml'), policy(retention));
  await eventually(async () => expect((await house.ops('/api/v1/policy')).version).not.toBe(version), 20_000);
}

/** Whether any file of the ledger, its write-ahead log or the spool contains a text. */
async function isKept(text: string): Promise<boolean> {
  const ledger = house.ledger().replace(/^sqlite:/, '');
  const names = (await readdir(dirname(ledger))).filter(
    (name) => name.startsWith(basename(ledger)) || name.startsWith('spool'),
  );
  const files = await Promise.all(names.map((name) => readFile(join(dirname(ledger), name))));
  expect(files.length).toBeGreaterThan(0);
  return files.some((file) => file.includes(text));
}

/** A query that runs, one that a rule refuses, one that is not SQL, and one on a table that does not exist. */
const queries = (secret: string) => [
  `SELECT COUNT(*) AS n FROM atendimento.tickets WHERE subject = '${secret}' -- of ${secret}`,
  `SELECT * FROM atendimento.tickets WHERE subject = "${secret}"`,
  `SELECT FROM WHERE '${secret}' GROUP '${secret}`,
  `SELECT n FROM atendimento.nothing WHERE id IN ('${secret}', 987654321)`,
];

/** Sends them all. @returns their records, in the same order */
async function recordsOf(secret: string): Promise<{ outcome: string; sql: string; sqlRetention: string }[]> {
  for (const sql of queries(secret)) {
    await house
      .client()
      .query(sql)
      .catch(() => undefined);
  }
  const { decisions } = await house.ops('/api/v1/decisions?limit=4');
  return decisions.toReversed();
}

const OUTCOMES = ['admitted', 'refused', 'failed', 'failed'];

describe('the SQL of every query, whatever its outcome, is kept as the policy says:', () => {
  test('stored: unchanged', async () => {
    const records = await recordsOf('maria-stored');

    expect(records.map(({ outcome }) => outcome)).toEqual(OUTCOMES);
    expect(records.map(({ sql }) => sql)).toEqual(queries('maria-stored'));
    expect(await isKept('maria-stored')).toBe(true);
  });

  test('masked: without literals and comments', async () => {
    await retain('masked');

    const records = await recordsOf('maria-masked');

    expect(records.map(({ outcome }) => outcome)).toEqual(OUTCOMES);
    expect(records.map(({ sql }) => sql)).toEqual([
      'SELECT COUNT(*) AS n FROM atendimento.tickets WHERE subject = ?',
      'SELECT * FROM atendimento.tickets WHERE subject = ?',
      'SELECT FROM WHERE ? GROUP ?',
      'SELECT n FROM atendimento.nothing WHERE id IN (?, ?)',
    ]);
    expect(await isKept('maria-masked')).toBe(false);
  });

  test('hashed: as the SHA-256 digest of its text', async () => {
    await retain('hashed');

    const records = await recordsOf('maria-hashed');

    expect(records.map(({ outcome }) => outcome)).toEqual(OUTCOMES);
    expect(records.map(({ sql }) => sql)).toEqual(
      queries('maria-hashed').map((sql) => `sha256:${createHash('sha256').update(sql).digest('hex')}`),
    );
    expect(await isKept('maria-hashed')).toBe(false);
  });

  test('dropped: not at all', async () => {
    await retain('dropped');

    const records = await recordsOf('maria-dropped');

    expect(records.map(({ outcome }) => outcome)).toEqual(OUTCOMES);
    expect(records.map(({ sql, sqlRetention }) => [sql, sqlRetention])).toEqual(
      OUTCOMES.map(() => ['', 'dropped']),
    );
    expect(await isKept('maria-dropped')).toBe(false);
  });
});
