/** A count of something, for an English sentence: `1 rule`, `3 rules`. */
export function count(number: number, noun: string, several = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : several}`;
}
