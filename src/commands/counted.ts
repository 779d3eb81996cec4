/** So many of something, in words of an English sentence: `1 rule`, `3 rules`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
