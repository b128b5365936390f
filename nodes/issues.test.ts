import { describe, expect, test } from 'vitest';
import { check } from '../flow/check/check.ts';
import { allNodes, catalogue } from './all.ts';

/** The Issues of one node behind a start, or of a start, as `code: message mend`. */
function issuesOf(type: string, params: object, settings: object = {}, own?: object): string[] {
  const isStart = type.startsWith('start.');
  const beside = isStart ? { key: 'then', type: 'control.no-op' } : { key: 'go', type: 'start.manual' };
  const nodes = [beside, { key: 'one', type, params, settings: own }];
  const edges = [isStart ? { from: 'one', to: 'then' } : { from: 'go', to: 'one' }];
  const document = { heddle: 1, name: 'Test', nodes, edges, settings };
  return check(document, catalogue).map(({ code, message, mend }) => `${code}: ${message} ${mend}`);
}

describe('a schedule that could never run is an Issue while typing and at publish', () => {
  const cron = (rule: string, timezone?: string) =>
    issuesOf('start.schedule', { rules: [{ cron: rule }], ...(timezone === undefined ? {} : { timezone }) });

  test.each([
    ['61 * * * *', 'Invalid value for minute: 61.'],
    ['0 25 * * *', 'Invalid value for hour: 25.'],
    ['* * * * 8', 'Invalid value for dayOfWeek: 8.'],
    ['*/0 * * * *', 'illegal stepping'],
    ['0 0 30 2 *', 'This never runs.'],
    ['0 0 31 2,4,6,9,11 *', 'This never runs.'],
  ])('%s', (rule, says) => {
    expect(cron(rule).join()).toContain(`cron-unusable: Cron “${rule}”: `);
    expect(cron(rule).join()).toContain(says);
  });

  test.each(['0 9 * * 1-5', '0 0 29 2 *', '0 0 31 * *', '0 0 L * *', '@daily', '*/15 * * * * *'])(
    '%s is fine',
    (rule) => {
      expect(cron(rule, 'Europe/Berlin')).toEqual([]);
    },
  );

  test('a time that clocks skip whenever it comes is none; that it comes in autumn too is enough', () => {
    const before = process.cpuUsage();
    expect(cron('* * 2 * 3 0L', 'Europe/Berlin').join()).toContain('The clocks of the time zone are set forward');
    // 0.2 s for each of a thousand years before.
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000);
    expect(cron('* * 2 * 3,10 0L', 'Europe/Berlin')).toEqual([]);
    expect(cron('* * 2 * 3 0L')).toEqual([]);
    expect(cron('30 2 * 3 0L', 'Europe/Berlin')).toEqual([]);
  });

  test('each rule is looked at, however many come before it, and those that are too many to look at are told so', () => {
    const minutes = Array.from({ length: 110 }, (_, index) => ({ cron: `${index % 60} ${index > 59 ? 4 : 3} * * *` }));
    const last = [...minutes, { cron: '0 0 30 2 *' }];
    expect(issuesOf('start.schedule', { rules: last }).join()).toContain('This never runs.');
    const never = Array.from({ length: 60 }, (_, minute) => ({ cron: `${minute} 3 1-28 * +1#5` }));
    const before = process.cpuUsage();
    const issues = issuesOf('start.schedule', { rules: [...never, ...minutes] });
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_500);
    expect(issues.filter((issue) => issue.includes('This never runs.')).length).toBeLessThan(60);
    expect(issues.join()).toContain('There are more times than can be looked at.');
  });

  test('more than 20 times in one schedule are an Issue; what was published with more goes on', () => {
    const rules = Array.from({ length: 21 }, (_, minute) => ({ cron: `${minute} 3 * * *` }));
    expect(issuesOf('start.schedule', { rules }).join()).toContain('param-invalid');
    expect(issuesOf('start.schedule', { rules: rules.slice(1) })).toEqual([]);
    const schedule = allNodes.find(({ type }) => type === 'start.schedule');
    expect(schedule?.params.safeParse({ rules }).success).toBe(true);
  });

  test('a zone that is none, wherever one is asked for', () => {
    expect(cron('0 9 * * *', 'Mars/Olympus').join()).toContain('unknown-timezone');
    expect(issuesOf('data.date', { operation: 'zone', value: '2026-01-01', zone: 'Berlin' }).join()).toContain(
      'unknown-timezone',
    );
    expect(issuesOf('data.date', { operation: 'zone', value: '2026-01-01', zone: '{{ $json.zone }}' })).toEqual([]);
  });

  test('intervals and pauses that nobody can mean', () => {
    const every = (value: unknown) => issuesOf('start.schedule', { rules: [{ every: value }] }).join();
    expect(every('0s')).toContain('duration-absurd');
    expect(every('10ms')).toContain('Enter 1s or more.');
    expect(every('99999w')).toContain('more than 100 years');
    expect(every('15m')).toBe('');
    expect(issuesOf('control.wait', { for: '9999999d' })).toEqual([
      'duration-absurd: For is more than 100 years: 9999999d. Enter a shorter time, such as 1d.',
    ]);
    expect(every('99999w')).toContain('Time 1 › Every is more than 100 years');
    expect(issuesOf('data.limit', {}, { timeout: '999999d' }).join()).toContain('The timeout of the workflow');
  });

  test('a timeout of nothing was accepted, and each run failed with “did not end within 0 ms”', () => {
    const says = (name: string, value: string | number = '0s') =>
      `duration-absurd: ${name} is ${value}, which leaves no time. Enter a longer time such as 30s, or leave it empty.`;
    expect(issuesOf('data.limit', {}, {}, { timeout: '0s' })).toEqual([says('Timeout')]);
    expect(issuesOf('data.limit', {}, {}, { timeout: '1ms' })).toEqual([]);
    expect(issuesOf('data.limit', {}, { timeout: 'PT0S' })).toEqual([says('The timeout of the workflow', 'PT0S')]);
    expect(issuesOf('data.limit', {}, { replyWithin: '0s' })).toEqual([says('The time to reply')]);
    expect(issuesOf('connect.http-request', { url: 'https://example.com', timeout: 0 })).toEqual([says('Timeout', 0)]);
    expect(issuesOf('code.javascript', { code: 'return []', timeout: '0m' })).toEqual([says('Timeout', '0m')]);
    // A pause of nothing is one.
    expect(issuesOf('control.wait', { for: '0s' })).toEqual([]);
  });
});

test('a batch that no run gathers is said; the largest is not', () => {
  const batch = (size: number) => issuesOf('control.no-op', {}, { batch: { size, within: '1m' } });
  expect(batch(1_000)).toEqual([]);
  expect(batch(1_001)).toEqual([
    'batch-large: A batch of 1001 is more than a run gathers: it starts with 1000. Set batch.size to 1000 at most.',
  ]);
});

test('a time that cannot be read is an Issue in the words of the field: publishing said “rules.0.every: Enter a duration…”', () => {
  const every = (value: unknown) => issuesOf('start.schedule', { rules: [{ every: value }] });
  for (const value of ['0', 'soon', '15 minutes', '{{ $json.every }}'])
    expect(every(value).join()).toContain(
      `duration-unusable: Time 1 › Every is “${value}”, which is no time. Enter one`,
    );
  expect(every(0)).toEqual(['duration-absurd: Time 1 › Every is less than a second: 0. Enter 1s or more.']);
  expect(issuesOf('start.schedule', { rules: [{ cron: '{{ $json.cron }}' }] }).join()).toContain('cron-unusable');
  expect(issuesOf('control.wait', { for: '2 hours' }).join()).toContain('duration-unusable');
  expect(issuesOf('control.wait', { for: '{{ $json.pause }}' })).toEqual([]);
});

test('a condition that is not filled in is said at its side: a new one took the mark off the card', () => {
  const keep = (where: object) => issuesOf('rules.filter', { where });
  const one = (left: unknown, op: string, right?: unknown) => ({ left, op, right });
  expect(keep({ all: [one('', 'equals', '')] })).toEqual([
    'condition-empty: Keep when › Condition 1 has no value to look at. Enter one, such as {{ $json.total }}.',
  ]);
  expect(keep({ all: [one('{{ $json.n }}', 'gt', ' ')] }).join()).toContain('Condition 1 has nothing to compare with.');
  // An If with its left side alone was taken for set up: what was written as empty is compared with, what nobody wrote is not there yet.
  expect(keep({ all: [one('{{ $json.n }}', 'equals', undefined)] }).join()).toContain(
    'Condition 1 has nothing to compare with.',
  );
  expect(keep({ all: [one('{{ $json.n }}', 'equals', '')] })).toEqual([]);
  expect(keep({ any: [{ all: [] }] }).join()).toContain('has no condition. Add a condition.');
  expect(keep({ all: [] })).toEqual(['condition-empty: Keep when has no condition. Add a condition.']);
  expect(keep({ all: [one('{{ $json.n }}', 'equals', ''), one('{{ $json.n }}', 'exists')] })).toEqual([]);
});

test('no example of a node is nearly an expression, an unfinished condition or a time that cannot be read', () => {
  const said = allNodes.flatMap(({ type, examples }) =>
    examples.flatMap(({ params }) =>
      issuesOf(type, params as object).filter(
        (one) => /nearly|n-empty|unusable/.test(one) && !one.includes('has no condition'),
      ),
    ),
  );
  expect(said).toEqual([]);
});

describe('a field that nothing reads is said, however deep it stands: a form field with “type” in the place of “kind” became a line of text in silence', () => {
  const fields = (field: object) => issuesOf('start.form', { path: 'a', title: 'A', fields: [field] });

  test.each<[string, string[], string]>([
    ['a field of a form', fields({ name: 'mail', type: 'email' }), 'Field 1 has no field “type”. Remove it'],
    ['one that is misspelt', fields({ name: 'mail', requird: true }), 'Field 1 has no field “requird”. Use required'],
    [
      'a choice of an approval',
      issuesOf('control.review', { title: 'Pay?', choices: [{ id: 'yes', name: 'Yes', nam: 'x' }] }),
      'Choice 1 has no field “nam”. Use name',
    ],
    [
      'a field of Set fields',
      issuesOf('data.set', {
        fields: [
          { name: 'a', value: 1 },
          { name: 'b', valu: 2 },
        ],
      }),
      'Field 2 has no field “valu”. Use value',
    ],
    [
      'an alternative, known by its word',
      issuesOf('start.webhook', { path: 'a', auth: { kind: 'basic', credential: 'c', user: 'u' } }),
      'has no field “user”',
    ],
    [
      'a condition inside of a group',
      issuesOf('rules.if', { where: { any: [{ all: [{ left: 1, op: 'equals', right: 1, rigth: 2 }] }] } }),
      'has no field “rigth”. Use right',
    ],
    ['the node itself', issuesOf('data.limit', { count: 1, cuont: 2 }), 'Limit has no field “cuont”. Use count'],
  ])('%s', (_, issues, says) => {
    expect(issues.filter((one) => one.startsWith('param-unknown')).join()).toContain(says);
  });

  test('what is read as it is has any names: values, JSON bodies, headers; and no example of a node has a stranger', () => {
    expect(fields({ name: 'a', kind: 'hidden', value: { any: { thing: 1 } } })).toEqual([]);
    expect(issuesOf('data.set', { fields: [{ name: 'a', value: { any: { thing: 1 } } }] })).toEqual([]);
    const strangers = allNodes.flatMap((node) =>
      node.examples.flatMap(({ name, params }) =>
        issuesOf(node.type, params as object)
          .filter((one) => one.startsWith('param-unknown'))
          .map((one) => `${node.type} ${name}: ${one}`),
      ),
    );
    expect(strangers).toEqual([]);
  });
});

test('an expression where text is used as it is written is said: visitors of a form read “{{ $json.name }}”', () => {
  const form = (more: object) => issuesOf('start.form', { path: 'a', title: 'A', fields: [{ name: 'a' }], ...more });
  expect(form({ thanks: 'Thank you, {{ $json.name }}' })).toEqual([
    'expression-unread: Thank-you text is used as it is written: an expression is not worked out here. Write the text itself.',
  ]);
  expect(form({ fields: [{ name: 'a', label: '{{ $json.label }}' }] }).join()).toContain('Field 1 › Label is used as');
  expect(issuesOf('start.webhook', { path: 'a', dedupeKey: '{{ $json.body.id }}' })).toEqual([]);
  expect(issuesOf('control.review', { title: 'Pay {{ $json.n }}?' })).toEqual([]);
});

describe('what is misspelt is an Issue before it runs, with what was meant', () => {
  const of = (expression: string) =>
    issuesOf('data.set', { fields: [{ name: 'a', value: `{{ ${expression} }}` }] }).join();

  test.each([
    ['$json.name.toUppercase()', 'Write toUpperCase()'],
    ['$json.name.trim().toLowercase()', 'Write toLowerCase()'],
    ['$json.list.jion(",")', 'Write join()'],
    ['$now.toFromat("yyyy")', 'Write toFormat()'],
    ['Math.rond(2.5)', 'Write Math.round'],
    ['JSON.stringfy($json)', 'Write JSON.stringify'],
    ['"abc".lenght', 'Write length'],
    ['$json.name.trim().lenght', 'Write length'],
    ['"a,b".map(x => x)', 'A text has no method map()'],
    ['(5).toUpperCase()', 'A number has no method toUpperCase()'],
  ])('%s', (expression, says) => {
    expect(of(expression)).toContain('expression.mistake');
    expect(of(expression)).toContain(says);
  });

  test.each([
    '$json.name.toUpperCase()',
    '$json.maybe?.foo?.()',
    '$json.name.length + $json.size',
    '(() => { const o = { shout: (x) => x + "!" }; return o.shout("a") })()',
    '"2026-03-01T10:00:00.000Z".plus(1, "day")',
    '$now.plus(1, "day").toISO().slice(0, 10).split("-").map(Number).join("/")',
    'Math.max.apply(null, [1, 2])',
    '$fromAI("name", "what", "string", "default")',
  ])('%s is fine', (expression) => {
    expect(of(expression)).toBe('');
  });

  test('$binary and $fromAI would be nothing without a word', () => {
    expect(of('$binary.data')).toContain('write $json.file');
    expect(of('$fromAI("name")')).toContain('No model fills in');
  });
});

describe('a condition that compares what cannot be compared', () => {
  const where = (left: unknown, op: string, right: unknown, more: object = {}) =>
    issuesOf('rules.filter', { where: { all: [{ left, op, right }] }, ...more }).join();

  test('is an Issue where both kinds are known', () => {
    expect(where('{{ $json.list.length }}', 'gt', 'five')).toContain('condition-kinds');
    expect(where('{{ $json.name.trim().toUpperCase() }}', 'equals', 5)).toContain('condition-kinds');
    expect(where('{{ $json.a }}-{{ $json.b }}', 'gte', 5)).toContain('condition-kinds');
    expect(where('{{ $json.n }}', 'lt', '5')).toContain('Convert types');
  });

  test('said “gt”, and advised “Convert types” for a text that is no number: it speaks as the form does', () => {
    const said = (left: unknown, op: string, right: unknown) =>
      check(
        {
          heddle: 1,
          name: 'Test',
          nodes: [
            { key: 'start', type: 'start.manual' },
            { key: 'f', type: 'rules.filter', params: { where: { all: [{ left, op, right }] } } },
          ],
          edges: [{ from: 'start', to: 'f' }],
        },
        catalogue,
      ).map(({ message, mend }) => `${message} ${mend}`);
    const convert = 'Switch on “Convert types”, or convert one of the values.';
    const number = 'Compare with a number, or choose another comparison.';
    expect(said('{{ $json.n }}', 'gt', 'a lot')).toEqual([
      `“{{ $json.n }}” is greater than “a lot”: it compares numbers, and “a lot” is a text. ${number}`,
    ]);
    expect(said('{{ $json.n }}', 'lte', '5')).toEqual([
      `“{{ $json.n }}” is at most “5”: it compares numbers, and “5” is a text. ${convert}`,
    ]);
    expect(said('{{ $json.n }}', 'gte', 'yes')).toEqual([
      `“{{ $json.n }}” is at least “yes”: it compares numbers, and “yes” is a text. ${number}`,
    ]);
    expect(said(5, 'equals', '5')).toEqual([`“5” is “5”: a number is never a text. ${convert}`]);
    expect(said(5, 'not-equals', 'five')).toEqual([
      '“5” is not “five”: a number is never a text. Compare values of one kind, or choose another comparison.',
    ]);
  });

  test('is none where types are converted, or only a run can tell', () => {
    expect(where('{{ $json.n }}', 'lt', '5', { loose: true })).toBe('');
    expect(where('{{ $json.n }}', 'equals', '5')).toBe('');
    expect(where('{{ $json.n }}', 'gt', 5)).toBe('');
    expect(where('{{ $json.n }}\n', 'gt', 5)).toBe('');
  });
});

test('a Respond node behind a webhook that responds at once is an Issue in the words of the form', () => {
  const issues = (reply?: string) => {
    const nodes = [
      { key: 'hook', type: 'start.webhook', params: { path: 'orders', ...(reply === undefined ? {} : { reply }) } },
      { key: 'try', type: 'start.manual' },
      { key: 'answer', type: 'control.respond' },
    ];
    const edges = ['hook', 'try'].map((from) => ({ from, to: 'answer' }));
    return check({ heddle: 1, name: 'Test', nodes, edges }, catalogue).map(({ message, mend }) => `${message} ${mend}`);
  };
  const mend = 'Set “Respond” of Webhook to “Using a Respond node”.';
  expect(issues()).toEqual([`Respond is never used: Webhook responds immediately. ${mend}`]);
  expect(issues('now')).toEqual(issues());
  expect(issues('last')).toEqual([`Respond is never used: Webhook responds when the last node finishes. ${mend}`]);
  expect(issues('respond')).toEqual([]);
  expect(issues('stream')).toEqual([]);
});

describe('JSON with expressions that cannot be JSON is an Issue wherever text is read as JSON', () => {
  const broken = '{"id": "{{ $json.id }}", "total": oops';
  const whole = '{"id": "{{ $json.id }}", "total": {{ $json.total }}}';
  const request = { method: 'POST', url: 'https://api.example.com/' };
  test.each<[string, string, (text: string) => object, string]>([
    ['the body of a request', 'connect.http-request', (json) => ({ ...request, json }), 'JSON body'],
    ['the template of Set fields', 'data.set', (json) => ({ json }), 'JSON template'],
    [
      'a field that is an object',
      'data.set',
      (value) => ({ fields: [{ name: 'a', type: 'object', value }] }),
      'Field 1 › Value',
    ],
    ['the JSON of a response', 'control.respond', (value) => ({ with: 'json', value }), 'Value'],
    ['the input of a call', 'control.call', (input) => ({ workflow: 'w1', input }), 'Input'],
    ['a JSON Schema', 'data.validate', (schema) => ({ schema }), 'JSON Schema'],
  ])('%s', (_, type, params, title) => {
    const said = issuesOf(type, params(broken)).filter((issue) => issue.startsWith('json-broken'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`${title} is not valid JSON at line 1, column 35: “`);
    expect(issuesOf(type, params(whole)).join()).not.toContain('json-broken');
    expect(issuesOf(type, params('[1, oops]')).join()).toContain('json-broken');
  });

  test('not where it is text', () => {
    expect(issuesOf('control.respond', { with: 'text', value: broken })).toEqual([]);
    expect(issuesOf('data.set', { fields: [{ name: 'a', type: 'string', value: broken }] })).toEqual([]);
    expect(issuesOf('start.webhook', { path: 'a', response: { status: 200, body: '[text]' } })).toEqual([]);
  });
});

describe('what a template left to be filled in is an Issue, place by place, until it is there', () => {
  const template = (url: string, more: object = {}) => ({
    heddle: 1,
    name: 'T',
    about: { needs: ['The address of your CRM'] },
    nodes: [
      { key: 'go', type: 'start.manual' },
      { key: 'crm', type: 'connect.http-request', params: { url, ...more } },
    ],
    edges: [{ from: 'go', to: 'crm' }],
  });
  const left = (document: object) => check(document, catalogue).filter(({ code }) => code === 'address-example');

  test('the address of an example names its host and its field', () => {
    expect(left(template('https://crm.example.com/contacts'))).toEqual([
      {
        level: 'warning',
        code: 'address-example',
        where: { node: 'crm', param: 'url' },
        message: 'crm.example.com is only an example.',
        mend: 'Enter your own address.',
      },
    ]);
  });

  test.each(['https://crm.example/x', 'http://example.org:8080/', 'https://a.example.net/{{ $json.id }}'])(
    '%s',
    (url) => {
      expect(left(template(url))).toHaveLength(1);
    },
  );

  test('one of your own, one that is worked out, and what is only said in a body are none', () => {
    expect(left(template('https://crm.myexample.com/'))).toEqual([]);
    expect(left(template('https://example.com.evil.org/'))).toEqual([]);
    expect(left(template('{{ $json.url }}'))).toEqual([]);
    expect(left(template('https://crm.acme.io/', { json: { see: 'https://example.com/' } }))).toEqual([]);
  });

  test('who draws a workflow of their own is asked for nothing', () => {
    const { about: _, ...own } = template('https://crm.example.com/contacts');
    expect(left(own)).toEqual([]);
  });
});

describe('a webhook “Using a Respond node”, and a branch that ends without one: its caller got an empty 204 and nobody said so', () => {
  const hook = { key: 'hook', type: 'start.webhook', params: { path: 'o', reply: 'respond' } };
  const where = { all: [{ left: '{{ $json.body.total }}', op: 'gt', right: 100 }] };
  const rules = [
    { id: 'a', name: 'A', where },
    { id: 'b', name: 'B', where },
  ];
  const node = (key: string) => {
    if (key.startsWith('if')) return { key, type: 'rules.if', params: { where } };
    if (key.startsWith('switch')) return { key, type: 'rules.switch', params: { rules } };
    if (key.startsWith('ask')) return { key, type: 'control.review', params: { title: 'Well?' } };
    if (key.startsWith('stop')) return { key, type: 'control.stop', params: { message: 'No' } };
    if (key.startsWith('loop')) return { key, type: 'control.loop' };
    return { key, type: key.startsWith('say') ? 'control.respond' : 'data.limit' };
  };
  const open = (drawing: string) => {
    const edges = drawing.split(', ').map((one) => {
      const [from = '', to = ''] = one.split(' > ');
      return { from, to };
    });
    const keys = new Set(edges.flatMap(({ from, to }) => [from, to].map((end) => end.split('.')[0] ?? '')));
    const nodes = [hook, ...[...keys].filter((key) => key !== 'hook').map(node)];
    return check({ heddle: 1, name: 'Test', nodes, edges }, catalogue).flatMap(({ code, where: at, message }) =>
      code === 'respond-branch-open' ? [`${at.node} ${message.slice(0, message.indexOf(':'))}`] : [],
    );
  };
  const follows = (at: string, port: string) => [`${at} No Respond node follows “${port}”`];

  test.each([
    ['nothing hangs on the other way', 'hook > if, if.true > say', follows('if', 'false')],
    ['the other way goes on and ends', 'hook > if, if.true > say, if.false > log', follows('if', 'false')],
    [
      'the inner branch is the one',
      'hook > if, if.true > if2, if.false > say, if2.true > say2',
      follows('if2', 'false'),
    ],
    [
      'nothing of a way that another node answers',
      'hook > if, if.true > say, if.true > if2, if2.true > say2',
      follows('if', 'false'),
    ],
    ['one way of a switch', 'hook > switch, switch.a > say, switch.fallback > say', follows('switch', 'B')],
    [
      'a branch beside a loop that comes to no answer',
      'hook > loop, loop.done > if, if.true > say',
      follows('if', 'false'),
    ],
  ])('%s', (_, drawing, says) => expect(open(drawing)).toEqual(says));

  test.each([
    ['both ways', 'hook > if, if.true > say, if.false > say'],
    ['before the branch', 'hook > say, say > if, if.true > log'],
    ['beside the branch', 'hook > say, hook > if, if.true > log'],
    ['on the same way already', 'hook > if, if.true > say, if.true > if2, if2.true > say2, if.false > say'],
    ['by stopping with an error', 'hook > if, if.true > say, if.false > stop'],
    ['after the ways meet', 'hook > if, if.true > log, if.false > log, log > say'],
    ['after an approval whose output Timeout is not there', 'hook > ask, ask.approved > say, ask.declined > say'],
    ['by no node at all: that is said of the webhook', 'hook > if, if.true > log'],
  ])('a caller is answered %s', (_, drawing) => expect(open(drawing)).toEqual([]));
});

test('a Schedule that led to nothing was published without a word and ran empty: a start that others set off says so, by its name', () => {
  const alone = (type: string, params: object = {}) =>
    check({ heddle: 1, name: 'Test', nodes: [{ key: 'go', type, params }], edges: [] }, catalogue)
      .filter(({ code }) => code === 'start-alone')
      .map(({ level, where, message }) => `${level} at ${where.node}: ${message}`);
  const says = (name: string) => [`warning at go: ${name} leads to no node: a run that it starts does nothing.`];
  expect(alone('start.schedule')).toEqual(says('Schedule'));
  expect(alone('start.webhook', { path: 'orders' })).toEqual(says('Webhook'));
  expect(alone('start.form', { path: 'orders' })).toEqual(says('Form'));
  expect(alone('start.manual')).toEqual([]);
  expect(alone('start.called')).toEqual([]);
});
