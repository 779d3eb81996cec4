import { html, type Markup, trusted } from '../../../foundation/pages/html.ts';
import { style } from '../../../foundation/pages/style.ts';
import type { Preferences } from '../../preferences.ts';
import type { Identification } from '../visitor.ts';
import { type Phrases, type Problem, phrasesIn } from './phrases.ts';

/** What a browser may do with the page: show it, and submit its forms to this host. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const formStyle = `
main{max-width:30rem}form{margin:28px 0 0}form:has(.quiet){margin:0 0 36px}label{display:block;font-weight:500;margin:0 0 6px}
input{display:block;width:100%;font:inherit;padding:10px 12px;border:1px solid #7b8794;border-radius:6px}
button{font:inherit;font-weight:600;margin:14px 0 0;padding:10px 18px;border:0;border-radius:6px;background:#0072b2;color:#fff;cursor:pointer}
input:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid #1f2933;outline-offset:2px}
button.quiet{background:#fff;color:#1f2933;border:1px solid #7b8794}.problem{color:#a61b1b;font-weight:500}a{color:#005a8f}`;

/** What is dark in the console's dark theme. */
const darkRules = `{color-scheme:dark;
body{background:#0e141b;color:#e8edf2}.intro{color:#a3b0be}a{color:#6cb6f5}.problem{color:#ff9d82}
input,button.quiet{background:#17202a;color:#e8edf2;border-color:#a3b0be}
input:focus-visible,button:focus-visible,a:focus-visible{outline-color:#8cc8ff}}`;
const darkStyle = `:root[data-theme="dark"]${darkRules}@media (prefers-color-scheme:dark){:root[data-theme="auto"]${darkRules}}`;

export interface SignIn {
  /** Who is signed in already, or null. */
  readonly identification: Identification | null;
  /** Where to go afterwards: a path on this host. */
  readonly next: string;
  /** Why the visitor is not let in, or null. */
  readonly problem: Problem | null;
}

/** The page for pasting a token or ending a session, as one HTML document that needs nothing else. */
export function signInPage(
  { identification, next, problem }: SignIn,
  { language, theme }: Preferences,
): string {
  const phrases = phrasesIn(language);
  const page = html`<!doctype html>
<html lang="${language}" data-theme="${theme}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${phrases.title}</title><style>${trusted(style)}${trusted(formStyle)}${trusted(darkStyle)}</style></head><body><main>
<h1>${phrases.title}</h1>
${identification === null ? '' : signedInNote(identification, problem === 'notEnough' ? '/' : next, phrases)}
<p class="intro">${phrases.intro}</p>
${problem === null ? '' : html`<p class="problem" role="alert" id="problem">${phrases.problems[problem]}</p>`}
<form method="post" action="/sign-in">
<label for="token">${phrases.token}</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus${described(problem)}>
<input type="hidden" name="next" value="${next}">
<button>${phrases.signIn}</button></form>
</main></body></html>
`;
  return page.markup;
}

function described(problem: SignIn['problem']): Markup | string {
  return problem === null ? '' : html` aria-invalid="true" aria-describedby="problem"`;
}

function signedInNote(
  { visitor: { name, role }, by }: Identification,
  next: string,
  phrases: Phrases,
): Markup {
  const roleName = phrases.roles[role];
  const who = name === null ? phrases.unnamed(roleName) : phrases.signedIn(name, roleName);
  const signOut =
    by === 'session'
      ? html`<form method="post" action="/sign-out"><button class="quiet">${phrases.signOut}</button></form>`
      : '';
  return html`<p>${who} <a href="${next}">${phrases.goOn}</a></p>
${signOut}`;
}
