/** A team's dashboards, in Metabase's collection of that name. */
export type Vertical = 'Atendimento' | 'FinOps';

/** Who asks, and with which tool. */
export type Persona =
  | { readonly tool: 'metabase'; readonly vertical: Vertical; readonly userId: number }
  | { readonly tool: 'dbt' | 'notebook'; readonly principal: string };

/** One service account per vertical, as Metabase has one connection for each. */
const METABASE_PRINCIPALS: Readonly<Record<Vertical, string>> = {
  Atendimento: 'metabase-atendimento@guardrail-demo.iam.gserviceaccount.com',
  FinOps: 'metabase-finops@guardrail-demo.iam.gserviceaccount.com',
};

/** Metabase's users. The more often somebody looks, the higher their weight. */
export const METABASE_USERS: readonly {
  readonly vertical: Vertical;
  readonly userId: number;
  readonly weight: number;
}[] = [
  { vertical: 'Atendimento', userId: 12, weight: 5 },
  { vertical: 'Atendimento', userId: 15, weight: 3 },
  { vertical: 'Atendimento', userId: 21, weight: 3 },
  { vertical: 'Atendimento', userId: 34, weight: 1 },
  { vertical: 'FinOps', userId: 5, weight: 3 },
  { vertical: 'FinOps', userId: 8, weight: 2 },
];

/** The screen on the wall of customer support, which shows one card all day. */
export const WALL_SCREEN = { tool: 'metabase', vertical: 'Atendimento', userId: 40 } as const;

export const DBT: Persona = { tool: 'dbt', principal: 'dbt@dados.guardrail-demo.example' };
export const NOTEBOOK: Persona = { tool: 'notebook', principal: 'rui@dados.guardrail-demo.example' };

/** The account through which somebody's queries reach the warehouse. */
export function principalOf(asker: Persona): string {
  return asker.tool === 'metabase' ? METABASE_PRINCIPALS[asker.vertical] : asker.principal;
}
