import { expect, test } from 'vitest';
import { check } from '../../flow/check/check.ts';
import { catalogue } from '../all.ts';

/** The Issues of an answer to a webhook, as `code: message mend`. */
function issuesOf(params: object, hasOwnAddress = false): string[] {
  const nodes = [
    { key: 'hook', type: 'start.webhook', params: { path: 'a', reply: 'respond' } },
    { key: 'reply', type: 'control.respond', params },
  ];
  const document = { heddle: 1, name: 'Test', nodes, edges: [{ from: 'hook', to: 'reply' }] };
  return check(document, catalogue, { hasOwnAddress }).map(({ code, message, mend }) => `${code}: ${message} ${mend}`);
}

test.each(['Set-Cookie', 'NEL', 'Link', 'Refresh', 'Report-To', 'Alt-Svc', 'X-Accel-Redirect'])(
  'the header %s is an Issue',
  (name) =>
    expect(issuesOf({ headers: { [name]: 'x' } }).join()).toContain(`header-unsent: The header ${name} is not sent`),
);

test('a cookie is fine where webhooks have an address of their own', () => {
  expect(issuesOf({ headers: { 'Set-Cookie': 'a=b' } }, true)).toEqual([]);
  expect(issuesOf({ headers: { NEL: '{}' } }, true).join()).toContain('header-unsent');
});

test('a script is an Issue, where Heddle’s screens are at the same address', () => {
  const script = { with: 'text', value: 'alert(1)', headers: { 'content-type': 'text/plain, application/javascript' } };
  expect(issuesOf(script).join()).toMatch(/type-unsent: .* is sent as text .*HEDDLE_HOOKS_URL/);
  expect(issuesOf(script, true)).toEqual([]);
});

test.each(['{{ $json.url }}', 'https://{{ $json.host }}/a', '//{{ $json.host }}', '/{{ $json.path }}'])(
  'a redirect to %s is one whose host an expression decides',
  (value) => {
    const [issue, ...others] = issuesOf({ with: 'redirect', value });
    expect(others).toEqual([]);
    expect(issue).toMatch(/^redirect-open: .*“Hosts to redirect to”/);
    expect(issuesOf({ with: 'redirect', value, hosts: ['shop.example.com'] })).toEqual([]);
    expect(issuesOf({ with: 'redirect', value, hosts: ['*'] }).join()).toMatch(/redirect-open: Whoever writes a link/);
  },
);

test.each(['https://shop.example.com/?id={{ $json.id }}', '/forms/main/thanks', '{{ $step.resumeUrl }}'])(
  'a redirect to %s is fine',
  (value) => expect(issuesOf({ with: 'redirect', value }).filter((one) => one.startsWith('redirect'))).toEqual([]),
);
