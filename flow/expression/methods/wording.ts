import type { Budget } from '../../facts/budget.ts';
import { withShortMarks } from '../../values/mark-runs.ts';
import { splitBy } from '../../values/text-search.ts';

const small = new Set('a an and as at but by en for if in nor of on or per so the to via vs with yet'.split(' '));

/** Every word with a capital, but small ones such as "of" inside the text; capitals that are there stay. */
export function titleCase(text: string): string {
  const words = text.split(/([\s-]+)/);
  const last = words.length - 1;
  const capital = (word: string) => word.replace(/\p{L}/u, (letter) => letter.toUpperCase());
  return words.map((word, i) => (i > 0 && i < last && small.has(word) ? word : capital(word))).join('');
}

/** Small letters, and a capital where a sentence begins. */
export function sentenceCase(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(
      /(^|[.?!]\s+)(\P{L}{0,3})(\p{L})/gu,
      (_, before, signs, letter) => `${before}${signs}${letter.toUpperCase()}`,
    );
}

/** Small letters with underscores for spaces and dashes, and without signs. */
export function snakeCase(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[ -]/g, '_')
    .replaceAll(/[!"#$%&'()*+,./:;<=>?@[\]^`{|}~]/g, '');
}

/** A text without HTML or XML tags. */
export function tagsRemoved(text: string): string {
  return text.replaceAll(/<[^>]*>?/g, '');
}

/** A text between quotes, with backslashes before backslashes and quotes inside it. */
export function quoted(text: string, mark: string, budget?: Budget): string {
  if (mark === '') return text;
  return mark + splitBy(text.replaceAll('\\', '\\\\'), mark, undefined, budget).join(`\\${mark}`) + mark;
}

const signs: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ł: 'l',
  Ł: 'L',
  ı: 'i',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '€': 'EUR',
  '£': 'GBP',
};

/** Letters and signs beyond ASCII as their nearest in ASCII; what has none is left out. */
export function plainSigns(text: string): string {
  return withShortMarks(text)
    .normalize('NFD')
    .replaceAll(/\P{ASCII}/gu, (sign) => (Object.hasOwn(signs, sign) ? (signs[sign] ?? '') : ''));
}

// Each repeat is bounded, or its class excludes what may follow: these run on the host's regexes, over anybody's text.
const rules: readonly (readonly [RegExp, string])[] = [
  [/^[ \t]{0,9}(?:[-*_][ \t]{0,3}){3,80}$/gm, ''],
  [/^([ \t]{0,40})(?:[*+-]|\d{1,9}\.)[ \t]{1,9}/gm, '$1'],
  [/<[^<>\n]{0,2000}>/g, ''],
  [/^[=-]{2,80}[ \t]{0,9}$/gm, ''],
  [/\[\^[^[\]\n]{1,200}\](?:: [^\n]{0,2000})?/g, ''],
  [/^[ \t]{0,3}\[[^[\]\n]{0,200}\]: [^\n]{0,2000}$/gm, ''],
  [/!\[([^[\]\n]{0,1000})\][[(][^[\])\n]{0,2000}[\])]/g, '$1'],
  [/\[([^[\]\n]{0,1000})\][[(][^[\])\n]{0,2000}[\])]/g, '$1'],
  [/^[ \t]{0,3}>[ \t]?/gm, ''],
  [/^#{1,6}[ \t]{1,9}/gm, ''],
  [/[ \t]{1,3}#{1,6}$/gm, ''],
  [/(\*{1,3}|_{1,3})(?=\S)([^\n*_]{1,1000})(?<=\S)\1/g, '$2'],
  [/~~([^~\n]{1,1000})~~/g, '$1'],
  [/^```[^\n`]{0,40}$\n?/gm, ''],
  [/`([^`\n]{1,1000})`/g, '$1'],
];

/** A text without the signs of Markdown: headings, lists, emphasis, links (their words stay), quotes and code fences. */
export function markdownRemoved(text: string): string {
  return rules.reduce((left, [pattern, by]) => left.replaceAll(pattern, by), text);
}
