import { readSql } from '../../sql/read.ts';
import type { Asked, Read } from '../passage.ts';

/** What the SQL says. Unread SQL is no error here: it is priced and capped all the same, and policy decides. */
export function read(asked: Asked): Read {
  const { projectId, defaultDataset } = asked.job;
  return { ...asked, reading: readSql(asked.sql, { projectId, defaultDataset }) };
}
