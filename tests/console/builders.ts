import type { PageContext } from '../../src/console/page.ts';
import { redactionFor } from '../../src/ops/access/redact.ts';
import type { Role } from '../../src/ops/access/visitor.ts';

/** A page in English and UTC, for ana; persons keep their names unless her role hides them. */
export function pageContext(role: Role, about: Pick<PageContext, 'url' | 'nowMs'>): PageContext {
  const visitor = { name: 'ana', role };
  return {
    language: 'en',
    theme: 'auto',
    visitor,
    redaction: redactionFor(visitor, String),
    timeZone: 'UTC',
    ...about,
  };
}
