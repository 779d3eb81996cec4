import { amountOfLimit, type Budget, unitOf, type WhenExceeded } from '../../vocabulary/budget.ts';
import { amountField, type DiffEntry, type Field, fieldsOf, listField } from './entry.ts';

/** A budget as a diff shows it. */
export function budgetEntry(budget: Budget): DiffEntry {
  const { name, subject, per, window, timeZone, limit, whenExceeded, warnAt, queue, contact } = budget;
  const parts = Object.entries(subject).map(([kind, of]) => `${kind} ${of}`);
  const subjectText = parts.length === 0 ? 'the whole organisation' : parts.join(', ');
  const amount = amountField(unitOf(limit), amountOfLimit(limit));
  const isConcurrencyLimit = limit.measure === 'at once';
  return {
    name,
    fields: fieldsOf({
      for: subjectText,
      per,
      window: isConcurrencyLimit ? null : window,
      'time zone': isConcurrencyLimit ? null : timeZone,
      limit: {
        ...amount,
        // A limit that refuses is stricter than another for the same queries and time.
        ...(whenExceeded !== 'warn' && {
          strictness: {
            kind: [unitOf(limit), subjectText, per, window].join(),
            value: -amountOfLimit(limit),
          },
        }),
      },
      'when exceeded': exceededField(whenExceeded),
      'warns at': listField(warnAt.map((percent) => `${percent}%`)),
      contact,
      queue: isConcurrencyLimit ? `${queue.length} for ${queue.waitMs / 1000} s` : null,
    }),
    summary: `${amount.text}${isConcurrencyLimit ? '' : ` a ${window}`} for ${subjectText}${per === null ? '' : `, per ${per}`}`,
    presence: whenExceeded === 'warn' ? null : 'tightens',
  };
}

function exceededField(whenExceeded: WhenExceeded): Field {
  const strict = (value: bigint) => ({ kind: 'when exceeded', value });
  if (whenExceeded === 'warn') return { text: 'warn', strictness: strict(0n) };
  if (whenExceeded === 'deny') return { text: 'deny', strictness: strict(2n) };
  return { text: `deny only ${whenExceeded.only.toSorted().join(', ')}`, strictness: strict(1n) };
}
