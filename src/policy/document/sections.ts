import type { z } from 'zod';
import type { Bytes } from '../../vocabulary/bytes.ts';
import type { SourcePosition } from '../../vocabulary/policy.ts';
import { type BudgetEntry, budgetSchema, type WebhookEntry, webhookSchema } from './budget-schema.ts';
import { type Path, type PolicyDocument, readDocument } from './document.ts';
import type { PolicyError } from './errors.ts';
import type { PolicyText } from './folder.ts';
import { check, valueAt } from './issues.ts';
import { type PricingEntry, pricingSchema } from './pricing-schema.ts';
import { type ExemptionEntry, exemptionSchema } from './rule-life-schema.ts';
import * as schema from './schema.ts';
import { bytes, timeZone } from './schema-parts.ts';

/** A well-formed entry, with the position of each of its parts. */
export interface Located<T> {
  readonly value: T;
  at(path?: Path): SourcePosition;
  atCharacter(path: Path, offset: number): SourcePosition;
}

/** All entries of all files, in the order of files and entries. */
export interface Sections {
  readonly teams: readonly Located<schema.TeamEntry>[];
  readonly budgets: readonly Located<BudgetEntry>[];
  readonly rules: readonly Located<schema.RuleEntry>[];
  readonly exemptions: readonly Located<ExemptionEntry>[];
  readonly tables: readonly Located<schema.TableEntry>[];
  readonly pricings: readonly Located<PricingEntry>[];
  readonly timeZones: readonly Located<string>[];
  readonly inexactReserves: readonly Located<Bytes>[];
  readonly webhooks: readonly Located<WebhookEntry>[];
  readonly records: readonly Located<schema.RecordsEntry>[];
  /** All names, including those of entries with errors: a reference to such an entry is not another error. */
  readonly names: Readonly<Record<'teams' | 'budgets' | 'rules', ReadonlySet<string>>>;
  /** False if a file is not YAML, or pricing has errors: what seems to be missing may be there. */
  readonly areNamesComplete: boolean;
  readonly isPricingComplete: boolean;
  /** Where to point for something that is in no file. */
  readonly firstFile: string;
  readonly errors: readonly PolicyError[];
}

/** Reads every file and checks each entry by itself. */
export function readSections(files: readonly PolicyText[]): Sections {
  const errors: PolicyError[] = [];
  const documents: PolicyDocument[] = [];
  for (const file of files) {
    const document = readDocument(file);
    if ('errors' in document) errors.push(...document.errors);
    else {
      documents.push(document);
      const frame = check(schema.fileSchema, document, []);
      if ('errors' in frame) errors.push(...frame.errors);
    }
  }
  const read = <T>(kind: z.ZodType<T>, pathsOf: (document: PolicyDocument) => readonly Path[]) =>
    documents.flatMap((document) =>
      pathsOf(document).flatMap((path) => located(kind, document, path, errors)),
    );
  const pricings = read(pricingSchema, single('pricing'));
  return {
    teams: read(schema.teamSchema, entries('teams')),
    budgets: read(budgetSchema, entries('budgets')),
    rules: read(schema.ruleSchema, entries('rules')),
    exemptions: read(exemptionSchema, entries('exemptions')),
    tables: read(schema.tableSchema, entries('catalog', 'tables')),
    pricings,
    timeZones: read(timeZone, single('time_zone')),
    inexactReserves: read(bytes, single('inexact_reserve')),
    webhooks: read(webhookSchema, entries('webhooks')),
    records: read(schema.recordsSchema, single('records')),
    names: {
      teams: namesIn('teams', documents),
      budgets: namesIn('budgets', documents),
      rules: namesIn('rules', documents),
    },
    areNamesComplete: documents.length === files.length,
    isPricingComplete:
      documents.length === files.length &&
      pricings.length === documents.flatMap((document) => single('pricing')(document)).length,
    firstFile: files[0]?.file ?? '',
    errors,
  };
}

function located<T>(
  kind: z.ZodType<T>,
  document: PolicyDocument,
  path: Path,
  errors: PolicyError[],
): readonly Located<T>[] {
  const checked = check(kind, document, path);
  if ('errors' in checked) {
    errors.push(...checked.errors);
    return [];
  }
  return [
    {
      value: checked.value,
      at: (inner = []) => document.at([...path, ...inner]),
      atCharacter: (inner, offset) => document.atCharacter([...path, ...inner], offset),
    },
  ];
}

function entries(...section: readonly string[]): (document: PolicyDocument) => readonly Path[] {
  return ({ value }) => {
    const list = valueAt(value, section);
    return Array.isArray(list) ? list.map((_, index) => [...section, index]) : [];
  };
}

function single(section: string): (document: PolicyDocument) => readonly Path[] {
  return ({ value }) => (valueAt(value, [section]) === undefined ? [] : [[section]]);
}

function namesIn(section: string, documents: readonly PolicyDocument[]): ReadonlySet<string> {
  const names = documents.flatMap((document) =>
    entries(section)(document).map((path) => valueAt(document.value, [...path, 'name'])),
  );
  return new Set(names.filter((name) => typeof name === 'string'));
}
