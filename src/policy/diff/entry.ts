import { formatAmount } from '../../vocabulary/budget.ts';
import { decimalOf } from '../../vocabulary/money.ts';
import { isCurrency } from '../document/amounts.ts';

/** Whether less or more is let through; null where that does not say. */
export type Effect = 'tightens' | 'loosens' | null;

/** One thing that policy files say of an entry, in a form that is the same for all ways of writing it. */
export interface Field {
  readonly text: string;
  /** Its size, where it is an amount; comparable with amounts of the same unit only. */
  readonly amount?: { readonly unit: string; readonly value: bigint };
  /** The larger, the less is let through; comparable within one kind only. */
  readonly strictness?: { readonly kind: string; readonly value: bigint };
  /** Its parts, where it is a list whose order says nothing. */
  readonly list?: readonly string[];
}

/** An entry of a section: a rule, a budget, a table. Fields go by what people call them. */
export interface DiffEntry {
  readonly name: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** The entry in short, for one that is new or gone. */
  readonly summary: string;
  /** What it means that it is there at all. */
  readonly presence: Effect;
}

/** Fields by name; what is null or empty is as if it were not there. */
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

/** A field with its amount to the last unit, for two that read the same when they are rounded. */
export function exactly(field: Field): Field {
  if (field.amount === undefined) return field;
  const { unit, value } = field.amount;
  return { ...field, text: `${field.text} (${isCurrency(unit) ? decimalOf(value) : value} ${unit})` };
}

/** A list whose order says nothing. */
export function listField(parts: readonly string[] | undefined): Field | null {
  if (parts === undefined || parts.length === 0) return null;
  const list = parts.toSorted();
  return { text: list.join(', '), list };
}

/** A text as it reads, whatever lines it was written in. */
export function flowing(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
