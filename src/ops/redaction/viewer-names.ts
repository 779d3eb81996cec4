import type { SpendKey } from '../../records/spend/spend-query.ts';
import { type SubjectKind, UNNAMED_ACCOUNT } from '../../vocabulary/budget.ts';
import type { Caller } from '../../vocabulary/caller.ts';
import type { Pseudonym } from './pseudonyms.ts';

/** The part of a budget, or of a notice about one, that says whom it is for. */
interface Subject {
  readonly person?: string | undefined;
  readonly principal?: string | undefined;
  readonly dashboard?: string | undefined;
  readonly card?: string | undefined;
}

/** Names as viewers see them: a pseudonym in place of each person's. */
export interface ViewerNames {
  /** A person as a tool or a token names them. */
  person(name: string): string;
  /** A person as `tool:name`: the tool, followed by a pseudonym of the name. */
  personOfTool(name: string): string;
  /** An e-mail address confirmed by the warehouse; a service account's is not a person's. */
  principal(address: string): string;
  /** A text that may contain a person's address, such as a card's name. */
  text(text: string): string;
  /** A key of spend, or a subject of a budget. */
  byKind(kind: SpendKey | SubjectKind, name: string): string;
  /** @param per what the account is; undefined if that is no longer known */
  account(per: SubjectKind | null | undefined, name: string): string;
  subject<S extends Subject>(subject: S): S;
  caller(caller: Caller): Caller;
}

const SERVICE_ACCOUNT = /\.gserviceaccount\.com$/i;
/**
 * Searched for only from the start of a word; otherwise a long word would be scanned again from each of its letters.
 */
const ADDRESS = /(?<![^\s@<>()[\]{},;:"'`])[^\s@<>()[\]{},;:"'`]+@[^\s@<>()[\]{},;:"'`]+/g;

/** Names as viewers see them. @param person makes a pseudonym of a name */
export function viewerNames(person: Pseudonym): ViewerNames {
  const principal = (address: string) => (SERVICE_ACCOUNT.test(address) ? address : person(address));
  const text = (plain: string) => plain.replace(ADDRESS, (address) => principal(address));
  const byKind: ViewerNames['byKind'] = (kind, name) => {
    if (kind === 'person') return person(name);
    return kind === 'principal' ? principal(name) : text(name);
  };
  const personOfTool = (name: string) => {
    const colon = name.indexOf(':');
    return `${name.slice(0, colon + 1)}${person(name.slice(colon + 1))}`;
  };
  return {
    person,
    personOfTool,
    principal,
    text,
    byKind,
    account(per, name) {
      if (name === '' || name === UNNAMED_ACCOUNT || per === null) return name;
      if (per === undefined) return person(name);
      return per === 'person' ? personOfTool(name) : byKind(per, name);
    },
    subject: (subject) => ({
      ...subject,
      ...(subject.person === undefined ? {} : { person: person(subject.person) }),
      ...(subject.principal === undefined ? {} : { principal: principal(subject.principal) }),
      ...(subject.dashboard === undefined ? {} : { dashboard: text(subject.dashboard) }),
      ...(subject.card === undefined ? {} : { card: text(subject.card) }),
    }),
    caller: (caller) => ({
      ...caller,
      principal: orNull(principal)(caller.principal),
      person: orNull(person)(caller.person),
      dashboard: orNull(text)(caller.dashboard),
      card: orNull(text)(caller.card),
    }),
  };
}

/** The same for values that may be missing. */
export function orNull(show: (text: string) => string): (text: string | null) => string | null {
  return (text) => (text === null ? null : show(text));
}
