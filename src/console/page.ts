import { html, type Markup } from '../foundation/pages/html.ts';
import { languages } from '../foundation/text/language.ts';
import { signInPath } from '../ops/access/sign-in/next.ts';
import type { Visitor } from '../ops/access/visitor.ts';
import { type Preferences, themes } from '../ops/preferences.ts';
import type { Redaction } from '../ops/redaction/redact.ts';
import { assets } from './assets.ts';
import { phrasesIn } from './phrases/phrases.ts';
import { queryString } from './query-string.ts';

/** What every page needs in order to be written. */
export interface PageContext extends Preferences {
  readonly visitor: Visitor;
  /** What the visitor may see: everything that pages show of persons and SQL goes through it. */
  readonly redaction: Redaction;
  /** The page's own address with its query: where the switches lead back to. */
  readonly url: string;
  readonly nowMs: number;
  /** Where days begin. */
  readonly timeZone: string;
}

const sections = ['overview', 'decisions', 'budgets', 'grants', 'rules', 'tables', 'health'] as const;
type Section = (typeof sections)[number];

/** The start of a section. */
function pathOf(section: Section): string {
  return section === 'overview' ? '/' : `/${section}`;
}

interface Page {
  /** Null for pages that are not in the navigation. */
  readonly section: Section | null;
  readonly title: string;
  readonly body: Markup;
  /** True if the page should reload soon: something on it is still being summed up. */
  readonly isPartial?: boolean;
}

/** A complete page, as it is sent. */
export function pageOf({ section, title, body, isPartial = false }: Page, context: PageContext): string {
  const { language, theme } = context;
  const phrases = phrasesIn(language);
  return html`<!doctype html>
<html lang="${language}" data-theme="${theme}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · guardrail</title>
<link rel="icon" href="${assets.icon.path}" type="image/svg+xml">
<link rel="stylesheet" href="${assets.style.path}">
<script src="${assets.script.path}" type="module"></script></head>
<body${isPartial ? html` data-soon="true"` : ''}><a class="skip" href="#main">${phrases.skip}</a>
<header class="top"><div><a class="brand" href="/">${ICON}guardrail</a>
<nav aria-label="${phrases.navigation}"><ul>${sections.map(
    (one) =>
      html`<li><a href="${pathOf(one)}"${one === section ? html` aria-current="page"` : ''}>${phrases.sections[one]}</a></li>`,
  )}</ul></nav>
<div class="switches">${languageSwitch(context)}${themeSwitch(context)}${visitorNote(context)}</div></div></header>
<main id="main" tabindex="-1">${body}</main>
<footer>${phrases.footer}</footer></body></html>
`.markup;
}

const ICON = html`<svg class="logo" viewBox="0 0 24 24" aria-hidden="true"><path fill="currentColor" opacity=".25" d="M12 1 3 4.5v6.8c0 5.5 3.8 9.7 9 11.7 5.2-2 9-6.2 9-11.7V4.5z"/><path fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" d="M7 15l3.5-4 2.5 2.5L17 8"/></svg>`;

const LANGUAGE_NAMES = { en: 'English', 'pt-BR': 'Português' } as const;

function languageSwitch({ language, url }: PageContext): Markup {
  return html`<span>${languages.map((one, i) => {
    const name = LANGUAGE_NAMES[one];
    const shown =
      one === language
        ? html`<b lang="${one}">${name}</b>`
        : html`<a href="/language/${one}${queryString({ to: url })}" lang="${one}" hreflang="${one}" rel="nofollow">${name}</a>`;
    return html`${i === 0 ? '' : ' · '}${shown}`;
  })}</span>`;
}

function themeSwitch({ theme, language, url }: PageContext): Markup {
  const phrases = phrasesIn(language);
  return html`<span id="themes">${phrases.theme}: ${themes.map((one, i) => {
    const shown =
      one === theme
        ? html`<b>${phrases.themes[one]}</b>`
        : html`<a href="/theme/${one}${queryString({ to: url })}" data-theme="${one}" rel="nofollow">${phrases.themes[one]}</a>`;
    return html`${i === 0 ? '' : ' · '}${shown}`;
  })}</span>`;
}

function visitorNote({ visitor, language, url }: PageContext): Markup {
  const phrases = phrasesIn(language);
  if (visitor.name === null) return html`<a href="${signInPath(url)}">${phrases.signIn}</a>`;
  return html`<a href="/sign-out"><bdi>${visitor.name}</bdi> (${phrases.roles[visitor.role]})</a>`;
}
