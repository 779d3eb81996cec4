import { formatAmount } from '../../vocabulary/budget.ts';
import { decimalOf } from '../../vocabulary/money.ts';
import { isCurrency } from '../document/amounts.ts';

/** Whether a change is stricter or looser; null if it is neither. */
export type Effect = 'tightens' | 'loosens' | null;

/** One statement of policy files about an entry, normalised so that every way of writing it is the same. */
export interface Field {
  readonly text: string;
  /** Its size, if it is an amount; comparable only with amounts in the same unit. */
  readonly amount?: { readonly unit: string; readonly value: bigint };
  /** The larger, the stricter; comparable only within one kind. */
  readonly strictness?: { readonly kind: string; readonly value: bigint };
  /** Its parts, if it is a list whose order means nothing. */
  readonly list?: readonly string[];
}

/** An entry of a section: a rule, a budget, a table. Fields are named as people call them. */
export interface DiffEntry {
  readonly name: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** A summary, for an entry that was added or removed. */
  readonly summary: string;
  /** What its presence as such means. */
  readonly presence: Effect;
}

/** Fields by name; null and empty ones are left out. */
export function fieldsOf(
  fields: Readonly<Record<string, Field | string | null | undefined>>,
): ReadonlyMap<string, Field> {
  return new Map(
    Object.entries(fields).flatMap(([name, field]) => {
      if (field === null || field === undefined || field === '') return [];
      return [[name, typeof field === 'string' ? { text: field } : field] as const];
    }),
  );
}

/** An amount, rounded as people read it. */
export function amountField(unit: string, value: bigint): Required<Pick<Field, 'text' | 'amount'>> {
  return { text: formatAmount(unit, value), amount: { unit, value } };
}

/** A field with its exact amount, for two that look the same when rounded. */
export function withExactAmount(field: Field): Field {
  if (field.amount === undefined) return field;
  const { unit, value } = field.amount;
  return { ...field, text: `${field.text} (${isCurrency(unit) ? decimalOf(value) : value} ${unit})` };
}

/** A list whose order means nothing. */
export function listField(parts: readonly string[] | undefined): Field | null {
  if (parts === undefined || parts.length === 0) return null;
  const list = parts.toSorted();
  return { text: list.join(', '), list };
}

/** A text as it reads, however it was broken into lines. */
export function singleLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
