import type { Card, NotUnderstood } from '../export-contents.ts';
import { cardQuery, type EntityNames, QUERY_FORMS } from './entities.ts';
import type { FromFile } from './parse-or-reject.ts';

/** The members of a card that both forms write alike. */
interface RawCard {
  readonly name: string;
  readonly archived?: boolean | null | undefined;
  readonly dataset_query?: unknown;
}

/** The parts that each form writes in its own way. */
export interface CardForm<T> {
  id(found: T): string;
  /** @param earlier the card, as described so far */
  parts(found: T, earlier: Card | undefined): Pick<Card, 'collection' | 'cache' | 'inheritedCache'>;
}

/** Each card once, as last described, and notes on those whose query is not understood. */
export function cardsIn<T extends RawCard>(
  rawCards: readonly FromFile<T>[],
  names: EntityNames,
  form: CardForm<T>,
) {
  const cards = new Map<string, Card>();
  const notUnderstood: NotUnderstood[] = [];
  for (const { file, value } of rawCards) {
    if (value.archived) continue;
    const { name } = value;
    const id = form.id(value);
    const query = cardQuery(value.dataset_query, names);
    if (query === null) notUnderstood.push({ file, why: `card "${name}": expected ${QUERY_FORMS}` });
    else cards.set(id, { id, name, query, ...form.parts(value, cards.get(id)) });
  }
  return { cards, notUnderstood };
}
