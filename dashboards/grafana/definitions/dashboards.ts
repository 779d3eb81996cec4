import { atendimento } from './atendimento.ts';
import { dataEngineering } from './data-engineering.ts';
import { finops } from './finops.ts';
import type { Dashboard } from './panel.ts';

/** Every dashboard, each for those who look at it. */
export const dashboards: readonly Dashboard[] = [atendimento, finops, dataEngineering];
