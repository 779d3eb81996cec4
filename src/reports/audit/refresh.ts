import { DAY_MS, HOUR_MS } from '../../foundation/calendar/durations.ts';
import type { CachePolicy, Card, Dashboard } from './export-contents.ts';

/** How dashboards are used, if the export does not say. */
export interface ViewingHabits {
  /** How often each dashboard is opened on a working day; null to use the export's own counts where it has them. */
  readonly viewsPerDay: number | null;
  readonly daysPerMonth: number;
  /**
   * Screens that show a dashboard and reload it automatically, by the dashboard's identifier or name: minutes between
   * reloads.
   */
  readonly autoRefresh: ReadonlyMap<string, number>;
  /** Hours a day during which such screens are on. */
  readonly hoursPerDay: number;
}

/** The default if nobody says how often a dashboard is opened. */
const DEFAULT_VIEWS_PER_DAY = 20;

/** The source of a dashboard's views. */
export type ViewSource = 'option' | 'export' | 'assumed' | 'auto-refresh';

/** How often a dashboard is opened, and how that is known. */
export interface ViewRate {
  readonly viewsPerDay: number;
  readonly source: ViewSource;
}

const MINUTES_PER_HOUR = 60;
const AVERAGE_DAYS_PER_MONTH = 365.25 / 12;

/** How often a dashboard is opened on a working day, including reloads of screens. */
export function viewsOf(
  dashboard: { readonly id: string; readonly name: string; readonly viewsPerDay: number | null },
  usage: ViewingHabits,
): ViewRate {
  const everyMinutes = usage.autoRefresh.get(dashboard.id) ?? usage.autoRefresh.get(dashboard.name);
  if (everyMinutes !== undefined) {
    return { viewsPerDay: (usage.hoursPerDay * MINUTES_PER_HOUR) / everyMinutes, source: 'auto-refresh' };
  }
  if (usage.viewsPerDay !== null) return { viewsPerDay: usage.viewsPerDay, source: 'option' };
  if (dashboard.viewsPerDay !== null) {
    const perMonth = dashboard.viewsPerDay * AVERAGE_DAYS_PER_MONTH;
    return { viewsPerDay: perMonth / usage.daysPerMonth, source: 'export' };
  }
  return { viewsPerDay: DEFAULT_VIEWS_PER_DAY, source: 'assumed' };
}

/** A card's own policy goes before its dashboard's, and that before what it inherits. */
export function cachePolicyOf(
  card: Pick<Card, 'cache' | 'inheritedCache'>,
  dashboard: Pick<Dashboard, 'cache'> | null,
): CachePolicy | null {
  return card.cache ?? dashboard?.cache ?? card.inheritedCache;
}

/**
 * How often per month a card queries the warehouse: at each view, but no more often than its cached results expire.
 * Results that refresh themselves do so day and night, on days off too.
 */
export function runsPerMonth(
  { viewsPerDay }: ViewRate,
  policy: CachePolicy | null,
  { daysPerMonth, hoursPerDay }: ViewingHabits,
): number {
  if (policy?.kind !== 'for') return Math.ceil(viewsPerDay * daysPerMonth);
  if (policy.refreshesItself) return Math.ceil((AVERAGE_DAYS_PER_MONTH * DAY_MS) / policy.ms);
  const renewals = Math.ceil((hoursPerDay * HOUR_MS) / policy.ms);
  return Math.ceil(Math.min(viewsPerDay, renewals) * daysPerMonth);
}
