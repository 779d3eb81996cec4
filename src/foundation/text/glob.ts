/** Whether a name matches a pattern in which `*` stands for any characters, including dots. Case-sensitive. */
export function matchesGlob(name: string, pattern: string): boolean {
  if (!pattern.includes('*')) return name === pattern;
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop() ?? '';
  if (!name.startsWith(head) || name.length < head.length + tail.length || !name.endsWith(tail)) return false;
  const end = name.length - tail.length;
  let position = head.length;
  for (const part of rest) {
    const found = name.indexOf(part, position);
    if (found === -1 || found + part.length > end) return false;
    position = found + part.length;
  }
  return true;
}

/**
 * The same for a name that may end in `*` and then stands for many: whether one of these, with no further dot, matches.
 */
export function mayMatchGlob(name: string, pattern: string): boolean {
  return name.endsWith('*') ? mayBeginMatch(name.slice(0, -1), pattern) : matchesGlob(name, pattern);
}

/** Part of the pattern matches the beginning, and the rest asks for no dot. */
function mayBeginMatch(beginning: string, pattern: string): boolean {
  const [head = ''] = pattern.split('*', 1);
  if (!head.startsWith(beginning) && !beginning.startsWith(head)) return false;
  for (let end = pattern.lastIndexOf('.') + 1; end <= pattern.length; end += 1)
    if (matchesGlob(beginning, pattern.slice(0, end))) return true;
  return false;
}

/** A name that matches two patterns; null if none does. */
export function commonMatch(first: string, second: string): string | null {
  const memo = new Map<string, string | null>();
  const common = (i: number, j: number): string | null => {
    const key = `${i} ${j}`;
    if (!memo.has(key)) memo.set(key, commonFrom(i, j));
    return memo.get(key) ?? null;
  };
  function commonFrom(i: number, j: number): string | null {
    const [a, b] = [first[i], second[j]];
    if (a === undefined && b === undefined) return '';
    // A star ends here, or consumes the next character of the other pattern.
    if (a === '*') return common(i + 1, j) ?? prepend(b, () => common(i, j + 1));
    if (b === '*') return common(i, j + 1) ?? prepend(a, () => common(i + 1, j));
    return a === b ? prepend(a, () => common(i + 1, j + 1)) : null;
  }
  return common(0, 0);
}

function prepend(letter: string | undefined, restOf: () => string | null): string | null {
  const rest = letter === undefined ? null : restOf();
  return rest === null ? null : `${letter === '*' ? '' : letter}${rest}`;
}
