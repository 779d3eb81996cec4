import { createCatalog } from '../catalog.ts';
import { type PolicyError, policyError } from '../document/errors.ts';
import type { Sections } from '../document/sections.ts';

/** Tables on their way out whose replacement is on its way out too. */
export function catalogWarnings({ tables }: Sections): readonly PolicyError[] {
  const catalog = createCatalog(tables.map(({ value }) => value));
  return tables.flatMap(({ value: { table, replacement }, at }) => {
    if (replacement === undefined || catalog.find(replacement)?.status !== 'legacy') return [];
    const problem = `table ${table} is to be replaced by ${replacement}, which is legacy itself`;
    return [policyError(at(['replacement']), problem, 'expected a governed table')];
  });
}
