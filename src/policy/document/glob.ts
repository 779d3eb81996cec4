/** Whether a name matches a pattern in which `*` stands for any characters, including dots. Case-sensitive. */
export function fits(name: string, pattern: string): boolean {
  if (!pattern.includes('*')) return name === pattern;
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop() ?? '';
  if (!name.startsWith(head) || name.length < head.length + tail.length || !name.endsWith(tail)) return false;
  const end = name.length - tail.length;
  let at = head.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** A name that matches two patterns; null if none does. */
export function nameOfBoth(one: string, other: string): string | null {
  const known = new Map<string, string | null>();
  const common = (i: number, j: number): string | null => {
    const place = `${i} ${j}`;
    if (!known.has(place)) known.set(place, commonFrom(i, j));
    return known.get(place) ?? null;
  };
  function commonFrom(i: number, j: number): string | null {
    const [a, b] = [one[i], other[j]];
    if (a === undefined && b === undefined) return '';
    // A star ends here, or consumes the next character of the other pattern.
    if (a === '*') return common(i + 1, j) ?? after(b, () => common(i, j + 1));
    if (b === '*') return common(i, j + 1) ?? after(a, () => common(i + 1, j));
    return a === b ? after(a, () => common(i + 1, j + 1)) : null;
  }
  return common(0, 0);
}

function after(letter: string | undefined, restOf: () => string | null): string | null {
  const rest = letter === undefined ? null : restOf();
  return rest === null ? null : `${letter === '*' ? '' : letter}${rest}`;
}
