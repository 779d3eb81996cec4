import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { enter } from '../../records/journal/entries.ts';
import { showback } from '../../reports/showback/month.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { PHONE, useBrowser } from './browser.ts';

const browser = useBrowser();

test('the most expensive of a showback fit the width of a phone', async () => {
  const { page: markup } = await showback(
    async (ledger) => {
      const settlement = { bytes_billed: 987_654_321_000n, cost_micros: 12_345_670_000n };
      await enter(ledger, { decision: { id: 'a', dashboard: 'Visão do dia' }, settlement });
    },
    { language: 'pt-BR' },
  );
  const file = join(await temporaryFolder(), 'showback.html');
  await writeFile(file, markup);
  const page = await browser.open(`file://${file}`, { viewport: PHONE });

  const overflows = await page
    .locator('h3 ~ .wide')
    .evaluateAll((tables: readonly { scrollWidth: number; clientWidth: number }[]) =>
      tables.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
    );

  expect(overflows.length).toBeGreaterThan(2);
  expect(overflows.filter((width) => width > 0)).toEqual([]);
});
