import type { Reader } from '../../sql/reader.ts';
import type { Asked, Read } from '../passage.ts';

/** What the SQL says. Unread SQL is no error here: it is priced and capped all the same, and policy decides. */
export async function read(asked: Asked, { reader }: { readonly reader: Reader }): Promise<Read> {
  const { projectId, defaultDataset } = asked.job;
  const reading = await reader.read(asked.sql, { projectId, defaultDataset });
  return { ...asked, reading, readAt: performance.now() };
}
