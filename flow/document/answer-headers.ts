/** Names of headers that say something of this one answer, and that no browser keeps for the address or acts on beyond it (SAFETY W8). */
const sent: ReadonlySet<string> = new Set(
  [
    'content-type content-language content-disposition content-encoding content-location content-range content-digest content-md5 repr-digest',
    'digest accept-ranges cache-control pragma expires age etag last-modified vary warning deprecation sunset retry-after location allow',
    'accept accept-post accept-patch accept-encoding preference-applied access-control-expose-headers cross-origin-resource-policy',
    'server-timing traceparent tracestate request-id correlation-id idempotency-key signature signature-input api-version',
    'ratelimit mcp-session-id mcp-protocol-version odata-version dav lock-token',
  ].flatMap((line) => line.split(' ')),
);

/** Beginnings of names that programs agree on among themselves: CloudEvents, htmx, limits, and whatever is called X-. */
const sentFamilies = /^(x|ce|hx|webhook|ratelimit)-/;

/** Called X- all the same: a browser acts on these, or a proxy in front does, and would hand out its own files. */
const actedOn =
  /^x-(frame-options|content-type-options|xss-protection|permitted-cross-domain-policies|dns-prefetch-control|ua-compatible|download-options|sourcemap|webkit-.*|content-security-policy.*|accel-.*|sendfile.*|lighttpd-.*|reproxy-.*|litespeed-.*|forwarded-.*|real-ip|original-.*|rewrite-.*|http-method.*|pingback|firefox-spdy)$/;

const cookie = 'Heddle’s screens share this address, and a cookie would be theirs, too';
const around = 'a cookie with Domain is sent to every name under it, and some of them may be somebody else’s';
const connection = 'it belongs to the connection, which the server keeps';
const guard =
  'answers are shown without scripts and without an origin, so that no workflow can act as Heddle in a browser';
const password = 'it would ask for a password in the name of Heddle';
const everywhere = 'browsers and proxies act on it for more than this one answer';

/** Why some that people do write are not sent; all others that are not listed have one reason. */
const reasons: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'upgrade', 'trailer', 'te'].map((name) => [
      name,
      connection,
    ]),
  ),
  'proxy-authenticate': password,
  'www-authenticate': password,
  'clear-site-data': 'it would sign people out of Heddle, whose screens share this address',
  'content-security-policy': guard,
  'content-security-policy-report-only': guard,
  'x-content-type-options': guard,
  'service-worker-allowed': guard,
  'strict-transport-security': 'it would hold for all of this address, Heddle’s screens too',
  'access-control-allow-origin': 'the webhook says which pages may call it, under Allowed origins',
  'access-control-allow-credentials': 'calls from pages carry no cookies here',
};

/**
 * Why a header of an answer is not sent; undefined when it is. `hasOwnAddress`: answers have an address of their own (`HEDDLE_HOOKS_URL`), where
 * cookies are nobody else's, if they are for that very host.
 */
export function whyUnsent(name: string, value: unknown, hasOwnAddress = false): string | undefined {
  const lower = name.trim().toLowerCase();
  if (lower === 'set-cookie') return hasOwnAddress ? (hasDomain(value) ? around : undefined) : cookie;
  if (Object.hasOwn(reasons, lower)) return reasons[lower];
  return sent.has(lower) || (sentFamilies.test(lower) && !actedOn.test(lower)) ? undefined : everywhere;
}

const hasDomain = (value: unknown): boolean => /;\s*domain\s*=/i.test(String(value));

/** Media types that another page of the same address would run, or that hold answers of their own; styles are none: our pages allow them inline. */
const runnable =
  /(java|ecma|live|j)script|wasm|manifest|speculationrules|importmap|signed-exchange|webbundle|^\s*multipart\/|^\s*message\/|^\s*application\/http\b/i;

/** The content type that is sent: what Heddle’s screens could be made to run is text or bytes to them. A header may name several: browsers take any. */
export function sentType(type: string, hasOwnAddress: boolean, isFile = false): string {
  if (hasOwnAddress || !type.split(',').some((one) => runnable.test(one.split(';', 1)[0] ?? ''))) return type;
  return isFile ? 'application/octet-stream' : 'text/plain; charset=utf-8';
}

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
