/** The places of the items whose JSON has all the words, whatever their case; all of them when there are no words. */
export function findItems(texts: readonly string[], words: string): number[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found: number[] = [];
  for (const [index, text] of texts.entries()) if (wanted.every((word) => text.includes(word))) found.push(index);
  return found;
}

/** Items as text to be searched. */
export const searchTexts = (items: readonly unknown[]): string[] =>
  items.map((item) => (JSON.stringify(item) ?? '').toLowerCase());
