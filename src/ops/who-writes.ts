import type { Response } from 'express';
import { visitorOf } from './access/identify.ts';

/** Under which name the books keep who writes. An operator always has one. */
export function nameOf(response: Response): string {
  const { name, role } = visitorOf(response);
  return name ?? role;
}
