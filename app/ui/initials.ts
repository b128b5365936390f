const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Two letters that stand for a person, as they are seen: an emoji of many characters is one of them. */
export const initials = (name: string): string =>
  name
    .split(/[\s@.]+/)
    .filter((word) => word !== '')
    .slice(0, 2)
    .map((word) => [...letters.segment(word)][0]?.segment.toUpperCase() ?? '')
    .join('');
