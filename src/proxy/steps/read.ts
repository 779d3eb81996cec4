import type { Estimates } from '../../estimate/estimates.ts';
import type { Reader } from '../../sql/reader.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';
import { isLegacySql } from '../legacy-sql.ts';
import type { Asked, Read } from '../passage.ts';
import { whoseTurn } from './whose-turn.ts';

interface ReadStages {
  readonly reader: Reader;
  readonly estimates: Pick<Estimates, 'principalOf'>;
}

/** What the SQL says. Unread SQL is no error here: it is priced and capped all the same, and policy decides. */
export async function read(asked: Asked, { reader, estimates }: ReadStages): Promise<Read> {
  const { projectId, defaultDataset } = asked.job;
  const caller = whoseTurn(asked.asker, estimates);
  const { reading: read, outcome } = await reader.read(asked.sql, { projectId, defaultDataset }, caller);
  const reading = isLegacySql(asked.job) ? asLegacySql(read) : read;
  return { ...asked, reading, wasReadInTime: outcome !== 'wait', readAt: performance.now() };
}

/** It was read as if it were GoogleSQL, by which the same words can mean other tables, or none. */
function asLegacySql(reading: SqlReading): SqlReading {
  return { ...reading, reader: 'none', unreadReason: reading.unreadReason ?? 'it is legacy SQL' };
}
