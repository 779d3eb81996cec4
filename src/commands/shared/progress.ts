/** A line that counts up if a person is watching, and nothing if a log is written. */
export function showShare(what: string, share: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r${what}: ${Math.floor(share * 100)} %${share >= 1 ? '\n' : ''}`);
}

/** A line that replaces the one before it, if a person is watching. */
export function showLine(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}

/** Makes the next output begin on a new line. */
export function endLine(): void {
  if (process.stderr.isTTY) process.stderr.write('\n');
}

const BAR_WIDTH = 30;

/** Progress as one line: `Dry runs ██████──── 12 of 20`. */
export function progressBar(what: string, done: number, all: number): string {
  const full = Math.round((done / Math.max(all, 1)) * BAR_WIDTH);
  return `${what} ${'█'.repeat(full)}${'─'.repeat(BAR_WIDTH - full)} ${done} of ${all}`;
}

const SHOW_WAIT_FROM_S = 2;

/** Counts the seconds that something takes, if a person is watching and it takes more than a moment. */
export async function showWait<T>(what: string, work: Promise<T>): Promise<T> {
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    if (seconds >= SHOW_WAIT_FROM_S) showLine(`${what}: ${seconds} s`);
  }, 1_000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (seconds >= SHOW_WAIT_FROM_S) showLine('');
  }
}
