/**
 * Converts the parser's character offsets to UTF-16 code units: the parser counts characters and JavaScript counts code
 * units, and an emoji is one character but two code units.
 */
export function characterOffsets(sql: string): (character: number) => number {
  if (!/[\ud800-\udbff]/.test(sql)) return (character) => character;
  const offsets = [0];
  for (const character of sql) offsets.push((offsets.at(-1) ?? 0) + character.length);
  return (character) => offsets[character] ?? sql.length;
}
