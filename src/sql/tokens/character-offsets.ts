/**
 * The offset in UTF-16 code units of a character, by its number: the parser counts characters, JavaScript counts code
 * units, and an emoji is one of those and two of these.
 */
export function characterOffsets(sql: string): (character: number) => number {
  if (!/[\ud800-\udbff]/.test(sql)) return (character) => character;
  const offsets = [0];
  for (const character of sql) offsets.push((offsets.at(-1) ?? 0) + character.length);
  return (character) => offsets[character] ?? sql.length;
}
