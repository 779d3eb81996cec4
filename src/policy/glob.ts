/** Whether a name fits a pattern in which `*` stands for any letters, dots too. Case matters. */
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
