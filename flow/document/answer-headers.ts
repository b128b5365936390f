const connection = 'it belongs to the connection, which the server keeps';
const guard =
  'answers are shown without scripts and without an origin, so that no workflow can act as Heddle in a browser';
const origin = 'Heddle’s screens share this address, and a cookie would be theirs, too';

/** Headers that a workflow’s answer may not set, by lower-case name, and why not (SAFETY W8). */
export const unsentHeaders: Readonly<Record<string, string>> = {
  'set-cookie': origin,
  'set-cookie2': origin,
  'clear-site-data': 'it would sign people out of Heddle, whose screens share this address',
  connection,
  'keep-alive': connection,
  'transfer-encoding': connection,
  'content-length': connection,
  upgrade: connection,
  trailer: connection,
  te: connection,
  'proxy-authenticate': 'it would ask for a password in the name of Heddle',
  'www-authenticate': 'it would ask for a password in the name of Heddle',
  'content-security-policy': guard,
  'content-security-policy-report-only': guard,
  'x-content-type-options': guard,
  'strict-transport-security': 'it would hold for all of this address, Heddle’s screens too',
  'service-worker-allowed': guard,
  'access-control-allow-origin': 'the webhook says which pages may call it, under Allowed origins',
  'access-control-allow-credentials': 'calls from pages carry no cookies here',
};

/** Why a header of an answer is not sent; undefined when it is. */
export const whyUnsent = (name: string): string | undefined => {
  const lower = name.trim().toLowerCase();
  return Object.hasOwn(unsentHeaders, lower) ? unsentHeaders[lower] : undefined;
};

/**
 * A header’s value in letters that a header can carry: those beyond latin-1 percent-encoded as UTF-8, a file name by RFC 6266 and 8187 with a
 * plain one beside it for old readers. What breaks the line is left as it is, and refused elsewhere.
 */
export function sendable(name: string, value: string): string {
  if (!/[^\0-\xff]/.test(value) && !(isDisposition(name) && /[^\0-\x7f]/.test(value))) return value;
  if (!isDisposition(name))
    return value.toWellFormed().replaceAll(/[^\0-\x7f]+/g, (letters) => encodeURIComponent(letters));
  return value
    .toWellFormed()
    .replaceAll(/;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/gi, (_, quoted?: string, bare?: string) => {
      const file = quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '';
      const plain = file.replaceAll(/[^\x20-\x7e]/g, '_').replaceAll(/["\\]/g, String.raw`\$&`);
      return `; filename="${plain}"; filename*=UTF-8''${extended(file)}`;
    })
    .replaceAll(/[^\0-\x7f]+/g, (letters) => encodeURIComponent(letters));
}

const isDisposition = (name: string): boolean => name.toLowerCase() === 'content-disposition';

/** RFC 8187 3.2.1: what `attr-char` does not hold is percent-encoded. */
const extended = (text: string): string =>
  encodeURIComponent(text).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
