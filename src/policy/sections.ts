import type { z } from 'zod';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { SourcePosition } from '../vocabulary/policy.ts';
import { type Path, type PolicyDocument, readDocument } from './document.ts';
import type { PolicyError } from './errors.ts';
import type { PolicyText } from './folder.ts';
import { check, valueAt } from './issues.ts';
import * as schema from './schema.ts';

/** An entry that is well-formed, and where each part of it stands. */
export interface Located<T> {
  readonly value: T;
  at(path?: Path): SourcePosition;
  atLetter(path: Path, offset: number): SourcePosition;
}

/** All entries of all files, in the order of files and of entries. */
export interface Sections {
  readonly teams: readonly Located<schema.TeamEntry>[];
  readonly budgets: readonly Located<schema.BudgetEntry>[];
  readonly rules: readonly Located<schema.RuleEntry>[];
  readonly tables: readonly Located<schema.TableEntry>[];
  readonly pricings: readonly Located<schema.PricingEntry>[];
  readonly timeZones: readonly Located<string>[];
  readonly inexactReserves: readonly Located<Bytes>[];
  /** The names of the teams, of those with errors too: a reference to such a team is no second error. */
  readonly teamNames: ReadonlySet<string>;
  /** False where a file is no YAML, or pricing has errors: then what seems to be missing may be there. */
  readonly teamsKnown: boolean;
  readonly pricingKnown: boolean;
  /** Where to point at for what is in no file. */
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
  const pricings = read(schema.pricingSchema, single('pricing'));
  return {
    teams: read(schema.teamSchema, entries('teams')),
    budgets: read(schema.budgetSchema, entries('budgets')),
    rules: read(schema.ruleSchema, entries('rules')),
    tables: read(schema.tableSchema, entries('catalog', 'tables')),
    pricings,
    timeZones: read(schema.timeZone, single('time_zone')),
    inexactReserves: read(schema.bytes, single('inexact_reserve')),
    teamNames: new Set(documents.flatMap(namesOfTeams)),
    teamsKnown: documents.length === files.length,
    pricingKnown:
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
      atLetter: (inner, offset) => document.atLetter([...path, ...inner], offset),
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

function namesOfTeams(document: PolicyDocument): readonly string[] {
  return entries('teams')(document)
    .map((path) => valueAt(document.value, [...path, 'name']))
    .filter((name) => typeof name === 'string');
}
