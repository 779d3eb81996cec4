import { drawBurnDown } from '../../src/console/charts/draw-burn-down.ts';
import { drawColumns } from '../../src/console/charts/draw-columns.ts';
import type { Charts } from '../../src/console/figures.ts';
import type { PageContext } from '../../src/console/page.ts';
import type { Role } from '../../src/ops/access/visitor.ts';
import { redactionFor } from '../../src/ops/redaction/redact.ts';

/** A page in English and UTC, for ana; persons keep their names unless her role hides them. */
export function pageContext(role: Role, about: Pick<PageContext, 'url' | 'nowMs'>): PageContext {
  const visitor = { name: 'ana', role };
  return {
    language: 'en',
    theme: 'auto',
    visitor,
    redaction: redactionFor(visitor, String),
    timeZone: 'UTC',
    ...about,
  };
}

/** Drawn at once. */
export const charts: Charts = {
  burnDown: async (drawing) => drawBurnDown(drawing),
  columns: async (drawing) => drawColumns(drawing),
};

/** As while what draws is being loaded. */
export const noCharts: Charts = { burnDown: async () => null, columns: async () => null };
