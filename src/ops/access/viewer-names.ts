import type { SpendKey } from '../../records/spend/spend-query.ts';
import { type SubjectKind, UNNAMED_ACCOUNT } from '../../vocabulary/budget.ts';
import type { Caller } from '../../vocabulary/caller.ts';
import type { Pseudonym } from './pseudonyms.ts';

/** What a budget, or a notice of one, says of whom it is for. */
interface Subject {
  readonly person?: string | undefined;
  readonly principal?: string | undefined;
  readonly dashboard?: string | undefined;
  readonly card?: string | undefined;
}

/** Names as viewers are shown them: a pseudonym in the place of each that is a person's. */
export interface ViewerNames {
  /** A person as a tool or a token names them. */
  person(name: string): string;
  /** A person as `tool:name`: a pseudonym of the name, behind the tool. */
  personOfTool(name: string): string;
  /** An e-mail address that the warehouse confirmed; those of service accounts are no person's. */
  principal(address: string): string;
  /** A text in which a person's address may stand, such as a card's name. */
  text(text: string): string;
  /** What spend is summed by, or a budget is for. */
  named(kind: SpendKey | SubjectKind, name: string): string;
  /** @param per what the account is one of; undefined where that is not known any more */
  account(per: SubjectKind | null | undefined, name: string): string;
  subject<S extends Subject>(subject: S): S;
  caller(caller: Caller): Caller;
}

const SERVICE_ACCOUNT = /\.gserviceaccount\.com$/i;
/** Looked for from the beginning of a word alone, lest a long one be gone through from each of its letters. */
const ADDRESS = /(?<![^\s@<>()[\]{},;:"'`])[^\s@<>()[\]{},;:"'`]+@[^\s@<>()[\]{},;:"'`]+/g;

/** Names as viewers are shown them. @param person makes a pseudonym of a name */
export function viewerNames(person: Pseudonym): ViewerNames {
  const principal = (address: string) => (SERVICE_ACCOUNT.test(address) ? address : person(address));
  const text = (plain: string) => plain.replace(ADDRESS, (address) => principal(address));
  const named: ViewerNames['named'] = (kind, name) => {
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
    named,
    account(per, name) {
      if (name === '' || name === UNNAMED_ACCOUNT || per === null) return name;
      if (per === undefined) return person(name);
      return per === 'person' ? personOfTool(name) : named(per, name);
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

/** The same for what may be missing. */
export function orNull(show: (text: string) => string): (text: string | null) => string | null {
  return (text) => (text === null ? null : show(text));
}
