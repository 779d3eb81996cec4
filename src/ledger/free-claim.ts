import { type RawBuilder, type SqlBool, sql } from 'kysely';

/**
 * Matches a row that nobody has claimed until a later time than now. A claim longer than any that is ever made was made
 * under a clock that has been set back since, and would otherwise block the row until that time comes round again.
 * @param longestMs the longest claim that is ever made, plus the difference allowed between replicas' clocks
 */
export function isFree(nowMs: number, longestMs: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`claimed_until_ms not between ${BigInt(nowMs + 1)} and ${BigInt(nowMs + longestMs)}`;
}
