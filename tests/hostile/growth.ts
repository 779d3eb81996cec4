import { tokensOf } from '../../src/sql/tokens/tokens.ts';

/** What looks through a text, and a text that is as long as so many short ones. */
interface Growth {
  readonly look: (text: string) => unknown;
  readonly short: string;
  readonly long: string;
  readonly times: number;
  /** The most that is expected. */
  readonly atMost: number;
}

const ROUNDS = 5;
/** On a busy machine, a round in which the long one is not interrupted may come late. */
const MOST_ROUNDS = 40;

/**
 * How many times as long the one text takes as the short ones together: about one where each character is looked at a
 * few times, and about `times` where the work grows with the square of the length. The least of some rounds, long and
 * short in turn, so that what else the machine does comes to both or goes by; more rounds if it is more than expected.
 */
export function shareOfOneLong({ look, short, long, times, atMost }: Growth): number {
  let leastOfShorts = Number.POSITIVE_INFINITY;
  let leastOfLong = Number.POSITIVE_INFINITY;
  const isEnough = (round: number) =>
    round >= MOST_ROUNDS || (round >= ROUNDS && leastOfLong / leastOfShorts < atMost);
  for (let round = 0; !isEnough(round); round += 1) {
    leastOfShorts = Math.min(
      leastOfShorts,
      took(() => repeat(times, () => look(short))),
    );
    leastOfLong = Math.min(
      leastOfLong,
      took(() => look(long)),
    );
  }
  return leastOfLong / leastOfShorts;
}

function took(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

function repeat(times: number, work: () => unknown): void {
  for (let i = 0; i < times; i += 1) work();
}

/** Looks through SQL that nobody has taken apart just before: its tokens are not kept from the last time. */
export function afresh(look: (sql: string) => unknown): (sql: string) => unknown {
  return (sql) => {
    tokensOf('');
    return look(sql);
  };
}
