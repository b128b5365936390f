/**
 * How long a 429 or 503 reply asks us to wait, in milliseconds from `now` (epoch ms); undefined when it does not say or cannot be read.
 * Source: RFC 9110 10.2.3: whole seconds or an HTTP date.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string | readonly string[]>>,
  now: number,
): number | undefined {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  // Date.parse alone would take "2" or "-5" for a year.
  const date = /^[A-Za-z]{3,9}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
