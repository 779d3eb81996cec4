import { expect } from 'vitest';
import { eventually } from '../guardrail.ts';
import { type Answered, headerValues } from './exchange.ts';

/** Anything that can read the operators' API. */
interface Ops {
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape, looked into by expectations only
  ops(path: string): Promise<any>;
}

export interface Balance {
  readonly used: bigint;
  readonly reserved: bigint;
}

/** The balance of the team's daily budget. */
export async function balanceOf(house: Ops): Promise<Balance> {
  const { budgets } = await house.ops('/api/v1/budgets');
  const { used, reserved } = budgets.find(
    (one: { budget: { name: string } }) => one.budget.name === 'atendimento-day',
  );
  return { used: BigInt(used), reserved: BigInt(reserved) };
}

export function decisionIdOf(answered: Answered): string {
  const [id = ''] = headerValues(answered, 'x-guardrail-decision-id');
  return id;
}

/** Waits until a decision is settled as expected, and the budget is charged just that, on top of its earlier balance. */
export async function expectSettled(
  house: Ops,
  id: string,
  before: Balance,
  expected: { readonly bytesBilled: string } & Readonly<Record<string, unknown>>,
): Promise<void> {
  await eventually(async () => {
    expect((await house.ops(`/api/v1/decisions/${id}`)).settlement).toMatchObject(expected);
    expect(await balanceOf(house)).toEqual({
      used: before.used + BigInt(expected.bytesBilled),
      reserved: before.reserved,
    });
  }, 30_000);
}
