import type { Response } from 'express';
import { visitorOf } from './access/identify.ts';

/** The name under which the books record a writer. An operator always has one. */
export function operatorName(response: Response): string {
  const { name, role } = visitorOf(response);
  return name ?? role;
}
