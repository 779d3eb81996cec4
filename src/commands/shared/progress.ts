/** One line that counts up where a person watches, and nothing where a log is written. */
export function showShare(what: string, share: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r${what}: ${Math.floor(share * 100)} %${share >= 1 ? '\n' : ''}`);
}

/** A line that takes the place of the one before it, where a person watches. */
export function showLine(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}

/** Lets what is written next begin on a line of its own. */
export function endLine(): void {
  if (process.stderr.isTTY) process.stderr.write('\n');
}

const BAR_WIDTH = 30;

/** How far something has come, as one line: `Dry runs ██████──── 12 of 20`. */
export function progressBar(what: string, done: number, all: number): string {
  const full = Math.round((done / Math.max(all, 1)) * BAR_WIDTH);
  return `${what} ${'█'.repeat(full)}${'─'.repeat(BAR_WIDTH - full)} ${done} of ${all}`;
}
