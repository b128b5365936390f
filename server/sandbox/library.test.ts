import * as nodeCrypto from 'node:crypto';
import { DateTime, Duration, Interval } from 'luxon';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { CodeJob } from './job.ts';
import { job, outputOf, testSandbox } from './testing.ts';

// What people reach for in code nodes, held against the libraries and Node's own modules outside of the sandbox.

const sandbox = testSandbox();
afterAll(() => sandbox.close());
const run = async (source: string, more: Partial<CodeJob> = {}) => outputOf(await sandbox.runCode(job(source, more)));
const scope = (more: object) => ({ scope: { ...job('').scope, ...more } });

/** The same source outside, where it is known to be right. */
const outside = (source: string, names: Record<string, unknown>): unknown =>
  JSON.parse(JSON.stringify(new Function(...Object.keys(names), source)(...Object.values(names))));

describe('Buffer is that of Node', () => {
  it.each([
    "return ['utf8', 'base64', 'base64url', 'hex', 'latin1', 'binary', 'ascii', 'utf16le', 'ucs2'].map((e) => Buffer.from('hé€😀>?~', 'utf8').toString(e))",
    "return [Buffer.from('aGk_Pj8-', 'base64url').toString('hex'), Buffer.from('aGk/Pj8+', 'base64').toString('hex'), Buffer.from('fffg', 'hex').length]",
    "return [Buffer.byteLength('é€😀'), Buffer.byteLength('aGk', 'base64'), Buffer.byteLength('ff00', 'hex'), Buffer.byteLength('aGk', 'base64url')]",
    "return Buffer.concat([Buffer.from('a'), new Uint8Array([98]), Buffer.alloc(2, 'c')]).toString()",
    "return [Buffer.alloc(3).toJSON(), Buffer.from([1, 2, 300]).toJSON(), Buffer.from(Buffer.from('x')).toJSON()]",
    "const b = Buffer.from('abcdef'); const s = b.slice(1, 4); s[0] = 90; return [b.toString(), b.subarray(-2).toString(), b.equals(Buffer.from('aZcdef')), b.compare(Buffer.from('b')), b.indexOf('cd'), b.includes('x')]",
    "const b = Buffer.alloc(12); b.writeUInt32BE(0xdeadbeef, 0); b.writeInt16LE(-2, 4); b.writeDoubleBE; b.write('hé', 6, 'utf8'); return [b.toString('hex'), b.readUInt32BE(0), b.readInt16LE(4), b.readUInt8(3)]",
    "return [Buffer.isBuffer(Buffer.from('')), Buffer.isBuffer(new Uint8Array()), Buffer.isEncoding('base64url'), Buffer.isEncoding('nope')]",
    "return JSON.parse(Buffer.from(Buffer.from(JSON.stringify({ ä: ['€'] })).toString('base64'), 'base64').toString())",
    "return [...Buffer.from('ab').entries()].concat(Buffer.from([0xe2, 0x82]).toString().length)",
  ])('%s', async (source) => {
    expect(await run(source)).toEqual(outside(source, { Buffer }));
  });

  it('for any bytes and any encoding, there and back', async () => {
    const cases = fc.sample(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.string({ unit: 'grapheme' })), 200);
    const items = cases.map(([bytes, text]) => ({ bytes: [...bytes], text }));
    const source = `const { bytes, text } = item;
      return ['utf8', 'hex', 'base64', 'base64url', 'latin1', 'ascii', 'utf16le'].flatMap((e) => [
        Buffer.from(bytes).toString(e), Buffer.from(Buffer.from(bytes).toString(e), e).toString('hex'),
        Buffer.from(text, e.length > 3 && !e.startsWith('base') ? e : 'utf8').toString('hex'), Buffer.byteLength(text)])`;
    const expected = items.map((item) => outside(source, { Buffer, item }));
    expect(await run(source, { items, mode: 'each' })).toEqual(expected);
  });
});

describe('dates are Luxon’s', () => {
  const at = { zone: 'Europe/Berlin', now: Date.parse('2024-03-30T23:30:00Z') };
  const names = { DateTime, Duration, Interval };
  it.each([
    "return DateTime.fromISO('2024-03-31T01:30:00', { zone: 'Europe/Berlin' }).plus({ hours: 1 }).toISO()",
    'return Duration.fromObject({ hours: 25, minutes: 61 }).normalize().toISO()',
    "return Interval.fromDateTimes(DateTime.utc(2024, 1, 1), DateTime.utc(2024, 3, 1)).length('days')",
    "return DateTime.fromFormat('31.12.2023 14:05', 'dd.MM.yyyy HH:mm', { zone: 'America/New_York' }).toFormat('cccc, d LLLL yyyy HH:mm ZZ')",
    "return DateTime.utc(2024, 2, 29).plus({ years: 1 }).diff(DateTime.utc(2024, 2, 29), ['months', 'days']).toObject()",
    "return DateTime.utc(2024, 5, 6).setLocale('de').toLocaleString(DateTime.DATE_FULL)",
    "return DateTime.fromISO('nope').invalidReason",
  ])('%s', async (source) => {
    expect(await run(source)).toEqual(outside(source, names));
  });

  it.each<[string, unknown]>([
    ['$now.toISO()', '2024-03-31T00:30:00.000+01:00'],
    ['$now.plus({ hours: 2 }).toISO()', '2024-03-31T03:30:00.000+02:00'],
    ['$today.toISO()', '2024-03-31T00:00:00.000+01:00'],
    ['$today.minus({ days: 1 }).toISODate()', '2024-03-30'],
    ["$now.diff($today, 'minutes').minutes", 30],
    ['DateTime.now().zoneName', 'Europe/Berlin'],
    ['DateTime.local(2024, 7, 1).offset', 120],
    ['luxon.DateTime === DateTime && Luxon.Duration === Duration', true],
    ['$now instanceof DateTime && DateTime.isDateTime($now)', true],
    // What `$now` was before it was a DateTime goes on.
    [
      '[$now.getTime(), +$now, new Date($now).getTime(), $now.toISOString(), $now.getUTCHours()]',
      [at.now, at.now, at.now, '2024-03-30T23:30:00.000Z', 23],
    ],
    ['$now', '2024-03-30T23:30:00.000Z'],
  ])('%s', async (source, expected) => {
    expect(await run(`return ${source}`, scope(at))).toEqual(expected);
  });
});

describe('crypto', () => {
  it.each([
    "return ['md5', 'sha1', 'sha256', 'SHA-512', 'sha3-256', 'RSA-SHA256', 'ripemd160', 'sha512-256'].map((h) => crypto.createHash(h.replace('SHA-512', 'sha512')).update('hé').update(Buffer.from([0, 255])).digest('hex'))",
    "return crypto.createHmac('sha256', 'key').update('body').digest('base64')",
    "return crypto.createHmac('sha1', Buffer.from('00ff', 'hex')).update('a').update('b').digest().toString('hex')",
    "return crypto.createHash('sha256').update('68c3a9', 'hex').digest('base64url')",
    "const h = crypto.createHash('sha256').update('a'); const c = h.copy(); h.update('b'); return [h.digest('hex'), c.digest('hex')]",
    "return crypto.timingSafeEqual(Buffer.from('ab'), Buffer.from('ab'))",
    "return crypto.pbkdf2Sync('pass', 'salt', 50, 32, 'sha256').toString('hex')",
    "return crypto.scryptSync('pass', 'salt', 16, { N: 16 }).toString('hex')",
  ])('gives what Node gives: %s', async (source) => {
    expect(await run(source)).toEqual(outside(source, { crypto: nodeCrypto, Buffer }));
  });

  it.each<[string, string]>([
    ['digest', "return hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('hé')))"],
    ['sign', "const k = await key(['sign']); return hex(await crypto.subtle.sign('HMAC', k, bytes))"],
    [
      'verify',
      "const k = await key(['sign', 'verify']); const s = await crypto.subtle.sign('HMAC', k, bytes); return [await crypto.subtle.verify('HMAC', k, s, bytes), await crypto.subtle.verify('HMAC', k, s, new Uint8Array(9))]",
    ],
    ['a key as JWK', "const k = await key(['sign']); return (await crypto.subtle.exportKey('jwk', k)).k"],
    [
      'PBKDF2',
      "const k = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveBits']); return hex(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: bytes, iterations: 20 }, k, 256))",
    ],
    [
      'HKDF',
      "const k = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits']); return hex(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-1', salt: bytes, info: bytes }, k, 128))",
    ],
  ])('subtle gives what the web gives: %s', async (_, source) => {
    const whole = `const bytes = new TextEncoder().encode('some bytes');
      const hex = (b) => Buffer.from(b).toString('hex');
      const key = (uses) => crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, true, uses);
      ${source}`;
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    expect(await run(whole)).toEqual(await AsyncFunction('crypto', 'Buffer', whole)(globalThis.crypto, Buffer));
  });

  it('signs as webhooks do', async () => {
    const expected = nodeCrypto.createHmac('sha256', 'whsec').update('1700.{"a":1}').digest('hex');
    expect(await run(`return hmac('1700.{"a":1}', 'whsec')`)).toBe(expected);
  });

  it('is the same on every attempt, and another by another seed', async () => {
    const draw =
      "return [crypto.randomUUID(), crypto.randomBytes(8).toString('hex'), crypto.getRandomValues(new Uint8Array(4)).join(), crypto.randomInt(5, 7)]";
    expect(await run(draw)).toEqual(await run(draw));
    expect(await run(draw)).not.toEqual(await run(draw, scope({ seed: 'other' })));
  });

  it.each([
    ["crypto.createCipheriv('aes-256-gcm', 'k', 'i')", /createCipheriv is not there/],
    ["await crypto.subtle.encrypt('AES-GCM', 1, 2)", /no encrypt in code/],
    ["await crypto.subtle.importKey('raw', new Uint8Array(1), { name: 'RSA-PSS' }, true, [])", /no RSA-PSS in code/],
    ["crypto.createHash('nope')", /no hash nope: use md5/],
  ])('says what is not there: %s', async (source, message) => {
    expect(await sandbox.runCode(job(source))).toMatchObject({ fault: { message: expect.stringMatching(message) } });
  });
});

describe('what n8n’s code asks by name', () => {
  it.each<[string, unknown]>([
    ['$jmespath({ a: [{ b: 1 }, { b: 2 }] }, "a[?b > `1`].b")', [2]],
    ['$jmesPath({ a: 1 }, "a")', 1],
    ['[$execution.id, $execution.mode, $execution.resumeUrl]', ['run_9', 'production', 'https://x/resume/t']],
    [
      "(() => { $execution.customData.set('k', 1); $execution.customData.setAll({ l: 'x' }); return [$execution.customData.get('k'), $execution.customData.getAll()] })()",
      ['1', { k: '1', l: 'x' }],
    ],
    ['[$runIndex, $itemIndex, $turn]', [2, 0, 2]],
    ['[$workflow.id, $workflow.name]', ['w', 'W']],
    ["$items('up').concat($items())", [5, 6, 1]],
    ["$node['up'].json + $node.up.last()", 11],
    ["[$('up').isExecuted, $('other').isExecuted]", [true, false]],
  ])('%s', async (source, expected) => {
    const more = {
      nodes: { up: [5, 6], other: [] },
      executed: ['up'],
      run: { id: 'run_9', mode: 'live', resumeUrl: 'https://x/resume/t' },
      workflow: { id: 'w', name: 'W' },
      turn: 2,
    };
    expect(await run(`return ${source}`, { items: [1], ...scope(more) })).toEqual(expected);
  });

  it('says which of the runs by hand is one', async () => {
    expect(await run('return $execution.mode', scope({ run: { mode: 'manual' } }))).toBe('test');
  });

  it.each(['Buffer', 'DateTime', '$now', '$today', 'hmac', 'crypto', 'luxon', '$execution'])(
    '%s may be declared anew, and set',
    async (name) => {
      expect(await run(`const ${name} = 5; return ${name}`)).toBe(5);
      expect(await run(`${name} = 6; return ${name}`)).toBe(6);
    },
  );
});

describe('console', () => {
  const said = async (source: string) =>
    (await sandbox.runCode(job(source))).logs.map(({ level, text }) => `${level} ${text}`);
  it.each<[string, string[]]>([
    [
      "console.table([{ a: 1, b: 'x' }, { a: 22 }])",
      [
        'info ┌─────────┬────┬───┐\n│ (index) │ a  │ b │\n├─────────┼────┼───┤\n│ 0       │ 1  │ x │\n│ 1       │ 22 │   │\n└─────────┴────┴───┘',
      ],
    ],
    [
      'console.table([1, [2]]); console.table(3)',
      [
        'info ┌─────────┬───┬────────┐\n│ (index) │ 0 │ Values │\n├─────────┼───┼────────┤\n│ 0       │   │ 1      │\n│ 1       │ 2 │        │\n└─────────┴───┴────────┘',
        'info 3',
      ],
    ],
    [
      "console.table({ r: { a: 1, b: 2 } }, ['b'])",
      ['info ┌─────────┬───┐\n│ (index) │ b │\n├─────────┼───┤\n│ r       │ 2 │\n└─────────┴───┘'],
    ],
    [
      "console.count(); console.count('a'); console.count(); console.countReset(); console.count()",
      ['info default: 1', 'info a: 1', 'info default: 2', 'info default: 1'],
    ],
    ["console.time('t'); console.timeEnd('t'); console.timeEnd('t')", ['info t: 0ms', 'warn There is no timer t']],
    [
      "console.group('g'); console.log('in'); console.groupEnd(); console.log('out')",
      ['info g', 'info   in', 'info out'],
    ],
    [
      "console.dir({ a: 1 }); console.assert(1 > 2, 'no'); console.assert(true); console.trace('here')",
      ['info {"a":1}', 'error Assertion failed: no', 'debug Trace: here'],
    ],
    ["console.log('%s has %d of %j%%', 'a', '2', { b: 1 }, 'c')", ['info a has 2 of {"b":1}% c']],
    [
      'console.log(new Map([[1, 2]]), new Set([1]), [undefined], $now)',
      ['info Map [[1,2]] Set [1] [null] "2023-11-14T22:13:20.000Z"'],
    ],
  ])('%s', async (source, expected) => {
    expect(await said(source)).toEqual(expected);
  });
});
