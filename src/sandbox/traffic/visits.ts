import { type Draw, drawOne, drawsFrom, drawWeighted } from './draw.ts';
import { DBT, METABASE_USERS, NOTEBOOK, type Persona, type Vertical, WALL_SCREEN } from './people.ts';

/** A dashboard as Metabase runs it when it is opened. */
export interface Dashboard {
  readonly id: string;
  readonly vertical: Vertical;
  readonly cards: readonly Card[];
}

interface Card {
  readonly id: string;
  readonly sql: string;
}

/** One query of a visit. */
export interface VisitQuery {
  readonly sql: string;
  /** Where it was asked from; null if somebody types it. */
  readonly dashboardId: string | null;
  readonly cardId: string | null;
}

/** Somebody sits down and asks. */
export interface Visit {
  readonly asker: Persona;
  /** A tool sends all of them at once, as when a dashboard is opened. */
  readonly questions: readonly VisitQuery[];
  /** What they do if a question is refused and something else is offered. */
  readonly whenRefused: 'leave it' | 'try again' | 'take the offer';
  /** The time since the previous visit. */
  readonly waitMs: number;
}

/**
 * How busy each hour of a working day is, as a percentage, starting at seven in the morning. A whole day takes as many
 * minutes as it has hours.
 */
const BUSY_BY_HOUR = [30, 70, 100, 100, 90, 40, 60, 90, 100, 90, 70, 40, 20];
const FIRST_HOUR = 7;
const HOUR_MS = 60_000;

/** A demo starts at the start of the working day. */
const STARTS_AT_MS = (9 - FIRST_HOUR) * HOUR_MS;

/** Average time between two visits in the busiest hour. */
const BUSIEST_WAIT_MS = 3_000;

const RUNAWAY = adHocQuery('SELECT * FROM atendimento.messages');

const DBT_TEST =
  adHocQuery(`/* {"app": "dbt", "dbt_version": "1.9.4", "profile_name": "guardrail_demo", "target_name": "prod", "node_id": "test.guardrail_demo.unique_payments_payment_id"} */
select count(*) as failures from (
  select payment_id from finops.payments group by payment_id having count(*) > 1
)`);

const EXPLORATIONS = ['sender', 'ticket_id', 'created_at'].map((column) =>
  adHocQuery(`SELECT COUNT(DISTINCT ${column}) AS n FROM atendimento.messages`),
);

/** Who comes for what, whenever that is. */
type Errand = Omit<Visit, 'waitMs'>;

/**
 * Endless visits, in the rhythm of one working day after another: the same ones for the same seed.
 * @param dashboards at least one of each vertical, each with a card
 */
export function* visitsOf(seed: number, dashboards: readonly Dashboard[]): Generator<Visit, never> {
  const draw = drawsFrom(seed);
  const habits = habitsOf(draw, dashboards);
  for (let atMs = STARTS_AT_MS, before = 0; ; before += 1) {
    const waitMs = waitAt(atMs, draw);
    atMs += waitMs;
    // The first minute shows everything.
    const { ask } = habits[before] ?? drawWeighted(draw, habits);
    yield { ...ask(), waitMs };
  }
}

function waitAt(atMs: number, draw: Draw): number {
  const busy = BUSY_BY_HOUR[Math.floor(atMs / HOUR_MS) % BUSY_BY_HOUR.length] ?? 100;
  return Math.round((BUSIEST_WAIT_MS * (50 + draw(101))) / busy);
}

interface Habit {
  readonly weight: number;
  readonly ask: () => Errand;
}

/** Most visits are to dashboards; the rest is what else happens in a company. */
function habitsOf(draw: Draw, dashboards: readonly Dashboard[]): readonly Habit[] {
  return [
    { weight: 60, ask: () => opening(draw, dashboards) },
    { weight: 16, ask: () => wallScreen(dashboards) },
    { weight: 10, ask: () => runaway(draw) },
    { weight: 6, ask: () => ({ asker: DBT, questions: [DBT_TEST], whenRefused: 'leave it' }) },
    {
      weight: 8,
      ask: () => ({ asker: NOTEBOOK, questions: [drawOne(draw, EXPLORATIONS)], whenRefused: 'leave it' }),
    },
  ];
}

/** Somebody opens one of their vertical's dashboards. */
function opening(draw: Draw, dashboards: readonly Dashboard[]): Errand {
  const { vertical, userId } = drawWeighted(draw, METABASE_USERS);
  const dashboard = drawOne(
    draw,
    dashboards.filter((one) => one.vertical === vertical),
  );
  return {
    asker: { tool: 'metabase', vertical, userId },
    questions: questionsOf(dashboard),
    whenRefused: 'leave it',
  };
}

/** The first card of support's first dashboard is reloaded all day. */
function wallScreen(dashboards: readonly Dashboard[]): Errand {
  const dashboard = dashboards.find(({ vertical }) => vertical === WALL_SCREEN.vertical);
  return {
    asker: WALL_SCREEN,
    questions: dashboard === undefined ? [] : questionsOf(dashboard).slice(0, 1),
    whenRefused: 'leave it',
  };
}

/** Somebody in customer support types a query that reads everything. */
function runaway(draw: Draw): Errand {
  const support = METABASE_USERS.filter(({ vertical }) => vertical === 'Atendimento');
  const { vertical, userId } = drawWeighted(draw, support);
  const { whenRefused } = drawWeighted(draw, [
    { whenRefused: 'take the offer', weight: 5 },
    { whenRefused: 'try again', weight: 3 },
    { whenRefused: 'leave it', weight: 2 },
  ] as const);
  return { asker: { tool: 'metabase', vertical, userId }, questions: [RUNAWAY], whenRefused };
}

function questionsOf({ id, cards }: Dashboard): readonly VisitQuery[] {
  return cards.map((card) => ({ sql: card.sql, dashboardId: id, cardId: card.id }));
}

function adHocQuery(sql: string): VisitQuery {
  return { sql, dashboardId: null, cardId: null };
}
