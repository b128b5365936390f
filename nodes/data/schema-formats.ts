import { DateTime } from 'luxon';

const isMatch =
  (pattern: RegExp): ((text: string) => boolean) =>
  (text) =>
    pattern.test(text);

const date = /^\d{4}-\d{2}-\d{2}$/;
const time = /^\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:z|[+-]\d{2}:\d{2})$/i;
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

const isDate = (text: string): boolean => date.test(text) && DateTime.fromISO(text).isValid;
const isTime = (text: string): boolean =>
  time.test(text) && DateTime.fromISO(`2000-01-01T${text.toUpperCase()}`).isValid;
const isHostname = (text: string): boolean => text.length <= 253 && text.split('.').every((part) => label.test(part));
const isIpv4 = (text: string): boolean => /^(?:\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every(isByte);
const isByte = (part: string): boolean => Number(part) <= 255 && (part === '0' || !part.startsWith('0'));

/** Eight groups of hex, of which one run of zeros may be `::`, and the last two an IPv4 address. Source: RFC 4291. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const tail = groups.at(-1) ?? '';
  const hasIpv4 = tail.includes('.') && isIpv4(tail);
  const hex = hasIpv4 ? groups.slice(0, -1) : groups;
  const count = hex.length + (hasIpv4 ? 2 : 0);
  return hex.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) && (halves.length === 2 ? count < 8 : count === 8);
}

/** The formats of JSON Schema that are looked at; others say nothing. Each takes time linear in the text. */
export const formats: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['date', isDate],
  ['time', isTime],
  ['date-time', (text: string) => isDate(text.slice(0, 10)) && /^t$/i.test(text.charAt(10)) && isTime(text.slice(11))],
  [
    'email',
    (text: string) =>
      text.length <= 320 && isMatch(/^[^\s@"]+@[^\s@]+$/)(text) && isHostname(text.slice(text.indexOf('@') + 1)),
  ],
  ['hostname', isHostname],
  ['ipv4', isIpv4],
  ['ipv6', isIpv6],
  ['uri', isMatch(/^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i)],
  ['uuid', isMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i)],
]);
