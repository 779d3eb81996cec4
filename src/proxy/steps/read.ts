import type { Estimates } from '../../estimate/estimates.ts';
import type { Reader } from '../../sql/processes/reader.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';
import type { Identified, Read } from '../passage.ts';
import { reinterpretedBy } from '../request/job/connection-properties.ts';
import { isLegacySql } from '../request/job/legacy-sql.ts';
import { whoseTurn } from './whose-turn.ts';

interface ReadStages {
  readonly reader: Reader;
  readonly estimates: Pick<Estimates, 'principalOf'>;
}

/** What the SQL says. Unread SQL is not an error here: it is still priced and capped, and the policy decides. */
export async function read(query: Identified, { reader, estimates }: ReadStages): Promise<Read> {
  const { projectId, defaultDataset } = query.job;
  const caller = whoseTurn(query.asker, estimates);
  const { reading: read, outcome } = await reader.read(query.sql, { projectId, defaultDataset }, caller);
  const reason = isLegacySql(query.job) ? 'it is legacy SQL' : reinterpretedBy(query.job, read);
  const reading = reason === null ? read : asUnread(read, reason);
  return { ...query, reading, wasReadInTime: outcome !== 'wait', readAt: performance.now() };
}

/** The SQL was read as GoogleSQL that names all of its tables. Here its words can mean other tables, or none. */
function asUnread(reading: SqlReading, reason: string): SqlReading {
  return { ...reading, reader: 'none', unreadReason: reading.unreadReason ?? reason };
}
