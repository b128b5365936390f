import { expect, test } from 'vitest';
import type { PlanNode } from '../../flow/compile/plan.ts';
import { checkReply } from './answer-rules.ts';
import type { AnswerPlace } from './answer-rules.ts';

const place: AnswerPlace = { origins: ['https://heddle.example.com'], hasOwnAddress: false, api: '' };
const outcome = (params: Record<string, unknown>, headers: Record<string, string>, at: AnswerPlace = place): string => {
  const said: string[] = [];
  const node = { params } as unknown as PlanNode;
  try {
    checkReply(node, { status: 302, headers, body: null, as: 'none' }, at, (text) => said.push(text));
  } catch (error) {
    expect(error).toMatchObject({ code: 'power.denied', mend: expect.any(String) });
    return 'denied';
  }
  return said.join('\n') || 'sent';
};
const redirect = (value: string, location: string, hosts?: string[]) =>
  outcome({ with: 'redirect', value, hosts }, { location });

test.each<[template: string, location: string, hosts?: string[]]>([
  ['https://shop.example.com/a?x={{ $json.x }}', 'https://shop.example.com/a?x=//evil.example'],
  ['{{ $json.url }}', 'https://shop.example.com/a', ['shop.example.com']],
  ['{{ $json.url }}', 'https://shop.example.com:8443/a', ['shop.example.com:8443']],
  ['{{ $json.url }}', 'https://anything.example', ['*']],
  ['{{ $json.url }}', '/forms/main/thanks'],
  ['{{ $step.resumeUrl }}', 'https://heddle.example.com/resume/abc'],
  ['/thanks?x={{ $json.x }}', '/thanks?x=/hooks'],
  ['/', '/'],
  ['/runs', '/runs'],
])('%s may lead to %s', (template, location, hosts) => {
  expect(redirect(template, location, hosts)).toBe('sent');
});

test.each<[template: string, location: string, hosts?: string[]]>([
  ['{{ $json.url }}', 'https://evil.example/'],
  ['https://{{ $json.host }}/a', 'https://evil.example/a'],
  ['https://shop.example.com{{ $json.rest }}', 'https://shop.example.com.evil.example/'],
  ['https://shop.example.com{{ $json.rest }}', 'https://shop.example.com@evil.example/'],
  ['{{ $json.url }}', 'https://me@shop.example.com/', ['shop.example.com']],
  ['{{ $json.url }}', 'https://me:word@heddle.example.com/hooks/main/a'],
  ['/{{ $json.path }}', '//evil.example'],
  ['/{{ $json.path }}', '/\\evil.example'],
  ['{{ $json.path }}', '\\\\evil.example'],
  ['/{{ $json.path }}', '/\t/evil.example'],
  ['{{ $json.path }}', 'https:evil.example'],
  ['{{ $json.path }}', 'https:\\\\evil.example'],
  ['{{ $json.url }}', 'https://evil.example/', ['{{ $json.host }}']],
  ['{{ $json.url }}', 'https://shop.example.com:8443/', ['shop.example.com']],
  ['{{ $json.url }}', 'https://sub.shop.example.com/', ['shop.example.com']],
  ['{{ $json.url }}', 'javascript:alert(1)', ['*']],
  ['{{ $json.url }}', 'data:text/html,x', ['*']],
  ['{{ $json.url }}', 'file:///etc/passwd', ['*']],
  ['/{{ $json.path }}', '/api/v1/me'],
  ['/hooks/{{ $json.path }}', '/hooks/../settings'],
  ['../{{ $json.path }}', '../../settings'],
  ['{{ $json.path }}', 'http:evil.example'],
  ['{{ $json.path }}', 'h\tttps:evil.example'],
  ['{{ $json.path }}', ' https:evil.example'],
  ['{{ $json.url }}', 'https://heddle.example.com/login?to=/'],
])('%s may not lead to %s', (template, location, hosts) => {
  expect(redirect(template, location, hosts)).toBe('denied');
});

test('a Location among the headers is looked at, whatever its letters', () => {
  const headers = { Location: '{{ $json.url }}' };
  expect(outcome({ with: 'none', headers }, { LOCATION: 'https://evil.example' })).toBe('denied');
  expect(
    outcome({ with: 'none', headers: { Location: 'https://a.example/{{ 1 }}' } }, { location: 'https://a.example/1' }),
  ).toBe('sent');
});

test('with an address of its own, the app’s address is another host', () => {
  const own: AnswerPlace = {
    origins: ['https://hooks.example.com'],
    hasOwnAddress: true,
    api: 'https://heddle.example.com',
  };
  const lead = (location: string) => outcome({ with: 'redirect', value: '{{ $json.url }}' }, { location }, own);
  expect(lead('https://heddle.example.com/hooks/main/a')).toBe('denied');
  expect(lead('https://hooks.example.com/hooks/main/a')).toBe('sent');
});

test('what is not sent is said in the log of the step', () => {
  expect(outcome({}, { 'set-cookie': 'a=b' })).toContain('set-cookie is not sent');
  expect(outcome({}, { 'set-cookie': 'a=b' }, { ...place, hasOwnAddress: true })).toBe('sent');
  expect(outcome({}, { nel: '{}' })).toContain('nel is not sent');
  expect(outcome({}, { 'content-type': 'text/javascript' })).toContain('not sent as text/javascript');
});
