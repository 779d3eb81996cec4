/** For `JSON.stringify`: a bigint becomes decimal text, since it may pass what a float holds. */
export function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
