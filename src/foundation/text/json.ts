/** For `JSON.stringify`: a bigint becomes decimal text, since it may exceed what a float holds exactly. */
export function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
