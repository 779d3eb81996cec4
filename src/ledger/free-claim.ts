import { type RawBuilder, type SqlBool, sql } from 'kysely';

/**
 * A row that nobody has claimed until a later time than now. One that is claimed for longer than anybody claims was
 * claimed under a clock that has been set back since, and would be left alone until that comes round again.
 * @param longestMs the longest that a claim is ever made for, and as much as clocks of replicas may differ
 */
export function isFree(nowMs: number, longestMs: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`claimed_until_ms not between ${BigInt(nowMs + 1)} and ${BigInt(nowMs + longestMs)}`;
}
