/** One line that counts up where a person watches, and nothing where a log is written. */
export function showProgress(share: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\rMaking the data: ${Math.floor(share * 100)} %${share >= 1 ? '\n' : ''}`);
}
