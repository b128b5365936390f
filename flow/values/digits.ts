// The digits after the point only with the point: `\d+\.?\d*` tries every place between two digits, the square of their number.
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i;

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
  const kept = withoutLastZeros(digits);
  return kept === '' ? '0' : `${sign}${kept}e${Number(power) - fraction.length + digits.length - kept.length}`;
}

/** From the end: `/0+$/` begins anew at each zero, and takes the square of their number when another digit ends them. */
function withoutLastZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}
