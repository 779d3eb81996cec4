import type { Operators } from '../operators.ts';
import type { Access } from './identify.ts';

/** Operators by their tokens; everybody else reads as an analyst. */
export function accessByTokens(operators: Operators): Access {
  return {
    visitorOf({ headers }) {
      const name = operators.nameOf(headers.authorization);
      return name === null ? { name: null, role: 'analyst' } : { name, role: 'operator' };
    },
  };
}
