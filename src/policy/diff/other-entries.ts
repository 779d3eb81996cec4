import { createHash } from 'node:crypto';
import type { Bytes } from '../../vocabulary/bytes.ts';
import { decimalOf, type Micros } from '../../vocabulary/money.ts';
import type { WebhookEntry } from '../document/budget-schema.ts';
import type { PricingEntry } from '../document/pricing-schema.ts';
import type { TableEntry, TeamEntry } from '../document/schema.ts';
import type { Sections } from '../document/sections.ts';
import { DEFAULT_INEXACT_RESERVE } from '../load.ts';
import { DEFAULT_UNKNOWN_SLOT_MS } from '../pricing.ts';
import { amountField, type DiffEntry, type Field, fieldsOf, listField, singleLine } from './entry.ts';

/** A team as a diff shows it. */
export function teamEntry({ name, title, language, contact, principals, estimate }: TeamEntry): DiffEntry {
  const members = principals.map((principal) => principal.toLowerCase());
  return {
    name,
    fields: fieldsOf({
      title: title ?? name,
      language: language ?? 'en',
      contact,
      principals: listField(members),
      estimate: estimate === undefined ? null : estimateField(estimate),
    }),
    summary: members.toSorted().join(', '),
    presence: null,
  };
}

function estimateField({ mode, up_to }: NonNullable<TeamEntry['estimate']>): Field {
  const { text, amount } = bytesField(up_to);
  return { text: `${mode}, up_to ${text}`, amount };
}

/** A table of the catalog as a diff shows it. */
export function tableEntry(entry: TableEntry): DiffEntry {
  const { table, status, owner, replacement, replacement_result, partition_column, note } = entry;
  const fields = fieldsOf({
    status,
    owner,
    replacement,
    'replacement result': replacement_result === 'same' ? 'same' : null,
    'partition column': partition_column,
    note: note === undefined ? null : singleLine(note),
  });
  const summary = [...fields]
    .map(([key, { text }]) => (key === 'status' ? text : `${key} ${text}`))
    .join(', ');
  return { name: table, fields, summary, presence: null };
}

/** A webhook as a diff shows it; its address is never shown, only a digest that reveals whether it changed. */
export function webhookEntry({ name, format, url, url_env, language, budgets }: WebhookEntry): DiffEntry {
  // An address can be a secret, and many people read a diff that is pasted somewhere.
  const address = url === undefined ? `from ${url_env}` : 'written in the file';
  return {
    name,
    fields: fieldsOf({
      format: format ?? 'json',
      address: url === undefined ? address : `${address}, ${digestOf(url)}`,
      language: language ?? 'en',
      budgets: budgets === undefined ? 'all' : listField(budgets),
    }),
    summary: `${format ?? 'json'}, address ${address}`,
    presence: null,
  };
}

function digestOf(address: string): string {
  return createHash('sha256').update(address).digest('hex').slice(0, 8);
}

/** The pricing as a diff shows it. */
export function pricingEntry({
  currency,
  on_demand_per_tib,
  free_tier,
  editions,
  exchange_rates = [],
}: PricingEntry): DiffEntry {
  const rates = exchange_rates.map(
    ({ to, rate, as_of }) => [`${to} from ${as_of}`, priceField(rate, to)] as const,
  );
  return {
    name: 'pricing',
    fields: fieldsOf({
      currency,
      ...prices(on_demand_per_tib, 'per TiB', currency),
      'free tier': free_tier === undefined || free_tier === 0n ? null : bytesField(free_tier),
      'projects of editions': listField(editions?.projects),
      ...prices(editions?.per_slot_hour ?? {}, 'per slot-hour', currency),
      'unknown query': editions && amountField('slot-ms', editions.unknown_query ?? DEFAULT_UNKNOWN_SLOT_MS),
      ...Object.fromEntries(rates),
    }),
    summary: `in ${currency}`,
    presence: null,
  };
}

function prices(byLocation: Readonly<Record<string, Micros>>, unit: string, currency: string) {
  const entries = Object.entries(byLocation).map(([location, price]) => [
    `${unit} in ${location === 'default' ? 'other locations' : location.toLowerCase()}`,
    priceField(price, currency),
  ]);
  return Object.fromEntries(entries);
}

/** To the last digit. */
function priceField(micros: Micros, currency: string): Field {
  const text = decimalOf(micros).replace(/\.?0+$/, '');
  return { text: `${text} ${currency}`, amount: { unit: currency, value: micros } };
}

/** Settings that occur once in all files, with defaults for those left out. */
export function settingsEntry({ timeZones, inexactReserves, records }: Sections): DiffEntry {
  return {
    name: 'settings',
    fields: fieldsOf({
      'time zone': timeZones[0]?.value ?? 'UTC',
      'inexact reserve': bytesField(inexactReserves[0]?.value ?? DEFAULT_INEXACT_RESERVE),
      'SQL in records': records[0]?.value.sql ?? 'stored',
    }),
    summary: '',
    presence: null,
  };
}

function bytesField(bytes: Bytes) {
  return amountField('bytes', bytes);
}
