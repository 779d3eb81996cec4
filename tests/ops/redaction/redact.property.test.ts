import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPseudonyms } from '../../../src/ops/redaction/pseudonyms.ts';
import { redactionFor } from '../../../src/ops/redaction/redact.ts';
import { balance, budget } from '../../notices/builders.ts';
import { decision } from '../../records/builders.ts';
import { accessSettings } from '../access/builders.ts';
import { everythingShown, grantWith, requestWith, secrets, spendWith, tellTale } from './secrets.ts';

const pseudonymOf = createPseudonyms(accessSettings());
const viewers = redactionFor({ name: 'bia', role: 'viewer' }, pseudonymOf);
const analysts = redactionFor({ name: 'rui', role: 'analyst' }, pseudonymOf);

describe('a viewer', () => {
  test('is shown no SQL and no person, wherever they appear', () => {
    fc.assert(
      fc.property(secrets, (kept) => {
        const shown = everythingShown(viewers, kept);
        for (const word of tellTale(kept)) expect(shown).not.toContain(word);
      }),
    );
  });

  test('sees that SQL is withheld, and everything that is not secret', () => {
    const shown = viewers.decision({ ...decision(), settlement: null });

    expect(shown).toMatchObject({
      sql: null,
      withheld: 'shown to analysts and operators only',
      caller: {
        principal: 'metabase-atendimento@guardrail-demo.iam.gserviceaccount.com',
        person: expect.stringMatching(/^person-[0-9a-f]{8}$/),
        dashboard: '3',
        card: '7',
      },
      hits: [{ rule: 'sem-particao', mode: 'warn', message: null }],
      maximumBytesBilled: 1000n,
    });
  });

  test('is shown the same person under the same pseudonym everywhere, except in requests', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (person) => {
        const row = viewers.spend({ ...spendWith({ sql: '', address: '', person }), keys: [person] }, [
          'person',
        ]);
        const of = viewers.balance(
          balance({ budget: budget({ per: 'person' }), account: `metabase:${person}` }),
        );
        const { caller } = viewers.decision({
          ...decision({ caller: { ...decision().caller, person } }),
          settlement: null,
        });

        const exempted = viewers.exemptionSubject({ person: `metabase:${person}` });
        const granted = viewers.grant(grantWith({ sql: '', address: '', person }), 'person');
        const request = viewers.grantRequest(requestWith({ sql: '', address: '', person }), 'person');

        expect(row.keys).toEqual([caller.person]);
        expect(of.account).toBe(`metabase:${caller.person}`);
        expect(exempted.person).toBe(`metabase:${caller.person}`);
        expect(granted.account).toBe(`metabase:${caller.person}`);
        // Viewers type it themselves.
        expect(request.account).not.toBe(granted.account);
      }),
    );
  });

  test('is shown accounts and keys that name nobody unchanged', () => {
    const nobody = viewers.balance(balance({ budget: budget({ per: 'person' }), account: '(none)' }));
    const team = viewers.balance(balance({ budget: budget({ per: 'team' }), account: 'atendimento' }));
    const row = viewers.spend(
      { ...spendWith({ sql: '', address: '', person: '' }), keys: [null, 'finops'] },
      ['person', 'team'],
    );

    expect(nobody.account).toBe('(none)');
    expect(team.account).toBe('atendimento');
    expect(row.keys).toEqual([null, 'finops']);
  });

  test('is shown a principal that is no address under a pseudonym too', () => {
    const subject = 'principal://iam.googleapis.com/ana';
    const row = viewers.spend({ ...spendWith({ sql: '', address: '', person: '' }), keys: [subject] }, [
      'principal',
    ]);

    expect(row.keys).toEqual([expect.stringMatching(/^person-/)]);
  });

  test('is shown a query that was never priced, and what holds a rule back other than an exemption', () => {
    const source = { file: 'policies/rules.yaml', line: 2, column: 3 };
    const eased = { by: 'date', wouldBe: 'deny', from: '2026-12-01' } as const;
    const hit = { rule: 'r', mode: 'audit', message: 'Ana asks', source, eased } as const;

    const shown = viewers.decision({ ...decision({ estimate: null, hits: [hit] }), settlement: null });

    expect(shown).toMatchObject({ estimate: null, hits: [{ message: null, eased }] });
  });

  test('is shown an exemption that is for no person, and a grant of the only account of a budget that is gone', () => {
    const granted = viewers.grant(
      { ...grantWith({ sql: '', address: '', person: '' }), account: '' },
      undefined,
    );

    expect(viewers.exemptionSubject({ dashboard: '3' })).toEqual({ dashboard: '3' });
    expect(granted.account).toBe('');
  });

  test('cannot search by a text that contains a person, and can by any other', () => {
    const texts = ['Board of ana@example.com', 'metabase@finops.iam.gserviceaccount.com', 'Board'];

    expect(texts.filter((text) => viewers.hidesPersonIn(text))).toEqual(['Board of ana@example.com']);
    expect(texts.filter((text) => analysts.hidesPersonIn(text))).toEqual([]);
  });
});

test('an analyst is shown everything, and is told apart from those who are not', () => {
  fc.assert(
    fc.property(secrets, (kept) => {
      const shown = everythingShown(analysts, kept);
      for (const word of tellTale(kept)) expect(shown).toContain(word);
      expect(shown).not.toContain('withheld');
    }),
  );
  expect([analysts.showsAll, viewers.showsAll]).toEqual([true, false]);
});
