/** A count of something, for an English sentence: `1 rule`, `3 rules`. */
export function pluralize(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
