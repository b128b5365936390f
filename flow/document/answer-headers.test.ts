import { describe, expect, test } from 'vitest';
import { sentType, whyUnsent } from './answer-headers.ts';

test.each([
  'Content-Type',
  'cache-control',
  'ETag',
  'Location',
  'Retry-After',
  'X-Request-Id',
  'X-Hub-Signature-256',
  'WebHook-Allowed-Origin',
  'ce-id',
  'HX-Trigger',
  'RateLimit-Remaining',
  'X-RateLimit-Limit',
  'Vary',
])('%s goes out', (name) => {
  expect(whyUnsent(name, 'a')).toBeUndefined();
});

/** Headers that browsers, or proxies in front of us, act on for more than one answer. */
const never = [
  'NEL',
  'Report-To',
  'Reporting-Endpoints',
  'Alt-Svc',
  'Refresh',
  'Link',
  'Speculation-Rules',
  'Clear-Site-Data',
  'Service-Worker-Allowed',
  'Strict-Transport-Security',
  'Access-Control-Allow-Credentials',
  'SourceMap',
  'Set-Login',
  'Access-Control-Allow-Origin',
  'Public-Key-Pins',
  'Expect-CT',
  'Accept-CH',
  'Critical-CH',
  'Permissions-Policy',
  'Content-Security-Policy',
  'Content-Security-Policy-Report-Only',
  'Document-Policy',
  'Origin-Agent-Cluster',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Embedder-Policy',
  'Referrer-Policy',
  'Timing-Allow-Origin',
  'Server',
  'X-Frame-Options',
  'X-Content-Type-Options',
  'X-SourceMap',
  'X-XSS-Protection',
  'X-DNS-Prefetch-Control',
  'X-Accel-Redirect',
  'X-Accel-Buffering',
  'X-Sendfile',
  'X-Sendfile-Type',
  'X-LIGHTTPD-send-file',
  'X-Reproxy-URL',
  'Sec-Session-Registration',
  'Activate-Storage-Access',
  'Supports-Loading-Mode',
  'Use-As-Dictionary',
  'Set-Cookie2',
  'WWW-Authenticate',
  'Proxy-Authenticate',
  'Connection',
  'Transfer-Encoding',
  'Content-Length',
  'Upgrade',
  'Trailer',
  'Heddle-Run-Id',
  'Integrity-Policy',
  'Attribution-Reporting-Register-Source',
  'Observe-Browsing-Topics',
];
test.each(never)('%s does not, whatever its letters and wherever answers stand', (name) => {
  for (const spelled of [name, name.toUpperCase(), ` ${name.toLowerCase()} `])
    for (const hasOwnAddress of [false, true]) expect(whyUnsent(spelled, 'a=1', hasOwnAddress)).toMatch(/\w/);
});

test('a cookie is set where no screens of Heddle are', () => {
  expect(whyUnsent('Set-Cookie', 'a=1')).toContain('screens share this address');
  expect(whyUnsent('Set-Cookie', 'a=1; Path=/', true)).toBeUndefined();
  for (const value of ['a=1; Domain=example.com', 'a=1;domain = .example.com', ['b=1', 'a=1; DOMAIN=example.com']])
    expect(whyUnsent('Set-Cookie', value, true)).toContain('every name under it');
});

describe('what a page of the same address could run', () => {
  test.each([
    'text/javascript',
    'application/javascript; charset=utf-8',
    'TEXT/JavaScript',
    'application/x-ecmascript',
    'text/jscript',
    'text/livescript',
    'text/javascript1.5',
    'application/wasm',
    'application/manifest+json',
    'application/speculationrules+json',
    'application/importmap+json',
    'application/signed-exchange;v=b3',
    'application/webbundle',
    'multipart/x-mixed-replace; boundary=a',
    'message/http',
    'application/http',
    'text/plain, text/javascript',
    'text/cache-manifest',
    ' text/javascript',
  ])('%s is text, or bytes of a file', (type) => {
    expect(sentType(type, false)).toBe('text/plain; charset=utf-8');
    expect(sentType(type, false, true)).toBe('application/octet-stream');
    expect(sentType(type, true)).toBe(type);
  });

  test.each([
    'text/html; charset=utf-8',
    'application/json',
    'text/css',
    'image/svg+xml',
    'application/pdf',
    'text/csv',
  ])('%s is sent as it is', (type) => expect(sentType(type, false)).toBe(type));
});
