import { describe, expect, test } from 'vitest';
import { auditAsCsv } from '../../../src/reports/audit/print/as-csv.ts';
import { auditAsJson } from '../../../src/reports/audit/print/as-json.ts';
import { auditAsText } from '../../../src/reports/audit/print/as-text.ts';
import { auditPage } from '../../../src/reports/audit/print/page.ts';
import { card } from './builders.ts';
import { byLength, dashboard, placed, reportOn } from './reports.ts';

describe('a printed report', () => {
  const hostile = `=1+1 <script>alert("x")</script>' onload='\u202e${'é'.repeat(300)}`;
  const report = reportOn(
    [
      { ...card('a', 'SELECT 1'), name: hostile, collection: hostile },
      { ...card('b', 'SELECT broken'), name: hostile },
    ],
    [dashboard('d', [placed('a')], { name: hostile, collection: hostile })],
    byLength({ legacy: [{ table: 'p.d.t', replacement: null, owner: 'dados' }] }),
  );

  test.each(['en', 'pt-BR'] as const)('escapes names and cuts long ones in %s', (language) => {
    const page = auditPage(report, language);

    expect(page).not.toContain('<script');
    expect(page).not.toContain("' onload");
    expect(page).not.toContain('\u202e');
    expect(page).not.toContain('é'.repeat(200));
    expect(page).toMatch(/<\/html>\n$/);
  });

  test('defuses names that would be formulas or move the cursor', () => {
    for (const { content } of auditAsCsv(report)) expect(content).not.toMatch(/(^|,)"?=1/m);
    expect(auditAsText(report)).not.toContain('\u202e');
  });

  test('has exact amounts in formats for programs', () => {
    const { dashboards, usage: used } = JSON.parse(auditAsJson(report));

    expect(dashboards[0].perView).toEqual({ bytesBilled: '8', cost: '0.000008' });
    expect(used.daysPerMonth).toBe(20);
  });

  test('gives a reason for each card without a price, and lists no other there', () => {
    const cards = [
      { ...card('a', 'SELECT 1'), name: 'by hour' },
      { ...card('b', 'SELECT broken'), name: 'by day' },
    ];
    const report = reportOn(cards, [dashboard('d', [placed('a'), placed('b')])]);

    const [, listed = ''] = auditPage(report, 'en').split('<h2>Not priced</h2>');
    expect(listed).toMatch(/^<ul><li><b><bdi>by day<\/bdi><\/b> – [^<]*no such column<\/li><\/ul>/);
    expect(auditAsText(report)).toMatch(/^Not priced\n.*by day: .*no such column\n\n/m);
    expect(auditPage(report, 'en')).toMatch(/<bdi>by day<\/bdi><small>the warehouse rejected it: /);
    expect(auditPage(report, 'en')).not.toContain('<bdi>by hour</bdi><small>');
  });

  test('says whom to ask if a legacy table has no replacement', () => {
    expect(auditPage(report, 'pt-BR')).toContain('ainda sem substituta; fale com dados');
    expect(auditAsText(report)).toContain('nothing yet; ask dados');
  });
});
