const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;

/**
 * The number that a text spells in decimal digits, or the text itself (trimmed) where a number cannot hold all its digits, as of an id
 * beyond 2^53; undefined when it spells no number. Zeros that change nothing may go: `1.10` is 1.1.
 */
export function exactNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (!decimal.test(trimmed)) return undefined;
  const number = Number(trimmed);
  if (!Number.isFinite(number)) return trimmed;
  return significant(trimmed) === significant(String(number)) ? number : trimmed;
}

/** The digits that count, and the power of ten of the last of them. */
function significant(text: string): string {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace(/^\+/, '').split('.');
  const sign = whole.startsWith('-') ? '-' : '';
  const digits = (whole.replace('-', '') + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '0' : `${sign}${kept}e${Number(power) - fraction.length + digits.length - kept.length}`;
}
