import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kindOf, openEgress } from './egress.ts';
import { openHttpClient, type HttpClient, type HttpClientOptions, type OutgoingRequest } from './http-client.ts';
import { HttpFault } from './http-fault.ts';
import { canary, farSide } from './testing/far-side.ts';

/** Sends and gives the fault's code, or the status. */
async function outcome(client: HttpClient, request: Partial<OutgoingRequest> & { url: string }): Promise<string> {
  try {
    return String((await client.send({ method: 'GET', timeoutMs: 2000, ...request })).status);
  } catch (error) {
    if (error instanceof HttpFault) return `${error.code} ${error.done}`;
    throw error;
  }
}

/** Names that mean this machine, whatever the test machine's own resolver says. */
const lookup: HttpClientOptions['lookup'] = async (host) => {
  if (host === 'inside.test' || host.startsWith('localhost')) return [{ address: '127.0.0.1', family: 4 }];
  if (host === 'mixed.test')
    return [
      { address: '3000::1', family: 6 },
      { address: '10.0.0.7', family: 4 },
    ];
  if (host === 'mapped.test') return [{ address: '::ffff:127.0.0.1', family: 6 }];
  throw Object.assign(new Error(host), { code: 'ENOTFOUND' });
};

const spellings = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '0x7f.0.0.01',
  '127.0.0.1.',
  '127.255.255.254',
  '127。0。0。1',
  '127.0.0.1',
  '①②⑦.⓪.⓪.①',
  '0',
  '0.0.0.0',
  '0x0',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001::7f00:1]',
  '[::ffff:0:7f00:1]',
  'localhost',
  'LOCALHOST',
  'ⓛocalhost',
  'localhost.',
  'inside.test',
  'mapped.test',
  'mixed.test',
];

test.each(spellings)('%s is this machine and is not called', async (host) => {
  await using trap = await canary();
  const client = openHttpClient({ allowHosts: [], lookup });
  expect(await outcome(client, { url: `http://${host}:${trap.port}/` })).toBe('egress-denied no');
  expect(trap.connections).toBe(0);
  await client.close();
});

test('the canary does sing when its very pair is listed, and only then', async () => {
  await using trap = await canary();
  const client = openHttpClient({ allowHosts: [trap.pair], lookup });
  expect(await outcome(client, { url: `http://127.0.0.1:${trap.port}/` })).toBe('200');
  expect(trap.connections).toBe(1);
  expect(await outcome(client, { url: `http://localhost:${trap.port}/` })).toBe('egress-denied no');
  expect(await outcome(client, { url: `http://127.0.0.2:${trap.port}/` })).toBe('egress-denied no');
  expect(trap.connections).toBe(1);
  await client.close();
});

test.each([
  'http://169.254.169.254/latest/meta-data/',
  'http://[fd00:ec2::254]/latest',
  'http://100.100.100.200/',
  'http://168.254.0.0.1.',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://192.0.2.1/',
  'http://198.18.0.1/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://[fe80::1]/',
  'http://[fc00::1]/',
  'http://[ff02::1]/',
  'http://[fec0::1]/',
  'http://[4000::1]/',
  'http://[2001:db8::1]/',
])('%s is not public and is not called', async (url) => {
  const client = openHttpClient({ allowHosts: [], lookup });
  expect(await outcome(client, { url })).toMatch(/^(egress-denied|http.bad-url) no$/);
  await client.close();
});

test.each([
  'file:///etc/passwd',
  'gopher://1.1.1.1:70/_x',
  'ftp://1.1.1.1/',
  'data:text/plain,x',
  'javascript:1',
  'ws://1.1.1.1/',
  'http://user@1.1.1.1/',
  'http://user:word@1.1.1.1/',
  'http://:word@1.1.1.1/',
  'http://1.1.1.1\\@127.0.0.1/',
  'http:\\\\127.0.0.1\\',
  'http://1.1.1.1:5432/',
  'http://1.1.1.1:22/',
  'http://1.1.1.1:25/',
  'http://1.1.1.1:6379/',
  'https://1.1.1.1:0/',
  'http://1.1.1.1:11211/',
])('%s is refused before anything is looked up', async (url) => {
  const client = openHttpClient({ allowHosts: [], lookup: () => Promise.reject(new Error('looked up')) });
  expect(await outcome(client, { url })).toBe('egress-denied no');
  await client.close();
});

test.each([
  '',
  'x',
  '/path',
  '//example.com',
  'http://',
  'http://[::',
  'http://a b/',
  'http://1.2.3.4.5:99999/',
  'http://[fe80::1%25eth0]/',
])('"%s" is no URL', async (url) => {
  const client = openHttpClient({ allowHosts: [], lookup });
  expect(await outcome(client, { url })).toBe('http.bad-url no');
  await client.close();
});

test.each([301, 302, 303, 307, 308])('a %i to this machine is followed to its check and no further', async (status) => {
  await using trap = await canary();
  await using hop = await farSide(({ url }, _, response) => {
    response.writeHead(status, { location: decodeURIComponent(url.slice(1)) }).end();
  });
  const client = openHttpClient({ allowHosts: [hop.pair], lookup });
  for (const bad of [
    `http://127.0.0.1:${trap.port}/`,
    `//[::1]:${trap.port}`,
    `http://inside.test:${trap.port}/`,
    `\\\\127.1:${trap.port}`,
    'file:///etc/passwd',
    'http://a@1.1.1.1/',
  ]) {
    expect(await outcome(client, { url: `${hop.url}/${encodeURIComponent(bad)}` })).toBe('egress-denied no');
  }
  expect(trap.connections).toBe(0);
  await client.close();
});

test('a name that is public at the check and loopback afterwards (rebinding) reaches what was checked', async () => {
  await using trap = await canary();
  const asked: string[] = [];
  const client = openHttpClient({
    allowHosts: [],
    limits: { connectMs: 300 },
    lookup: async (host) => {
      asked.push(host);
      return asked.length === 1 ? [{ address: '3000::1', family: 6 }] : [{ address: '127.0.0.1', family: 4 }];
    },
  });
  // 3000::/8 is public by its kind and given to nobody, so the first try can only fail to connect.
  expect(await outcome(client, { url: `http://rebind.test:${trap.port}/`, timeoutMs: 1000 })).toMatch(
    /^http.(refused|timeout) no$/,
  );
  expect(asked).toEqual(['rebind.test']);
  expect(await outcome(client, { url: `http://rebind.test:${trap.port}/` })).toBe('egress-denied no');
  expect(trap.connections).toBe(0);
  await client.close();
});

test('a connection goes to the address that was checked, with one look-up for each connection', async () => {
  await using far = await farSide((_, request, response) => response.end(request.headers.host));
  let looked = 0;
  const client = openHttpClient({
    allowHosts: [`pinned.test:${far.port}`],
    lookup: async () => [{ address: looked++ === 0 ? '127.0.0.1' : '127.0.0.99', family: 4 }],
  });
  for (let i = 0; i < 3; i++) expect(await outcome(client, { url: `http://pinned.test:${far.port}/` })).toBe('200');
  expect({ looked, connections: far.connections }).toEqual({ looked: 1, connections: 1 });
  await client.close();
});

test('our own ports are refused even when they are listed, on loopback and on every address of this machine', async () => {
  await using trap = await canary();
  const client = openHttpClient({
    allowHosts: [trap.pair, `inside.test:${trap.port}`, '127.0.0.1:5432'],
    ownPorts: () => [trap.port],
    lookup,
  });
  expect(await outcome(client, { url: trap.url })).toBe('egress-denied no');
  expect(await outcome(client, { url: `http://inside.test:${trap.port}/` })).toBe('egress-denied no');
  expect(await outcome(client, { url: 'http://127.0.0.1:5432/' })).toBe('egress-denied no');
  expect(trap.connections).toBe(0);
  await client.close();
});

test('a listed name may be private but never cloud metadata', () => {
  const egress = openEgress(['db.test:8080'], () => []);
  const to = egress.target('http://db.test:8080/');
  for (const address of ['10.1.2.3', '127.0.0.1', 'fd00::1', '100.64.0.1', '1.1.1.1', '::ffff:10.0.0.1'])
    egress.checkAddress(address, to);
  for (const address of ['169.254.169.254', '0.0.0.0', '224.0.0.1', '64:ff9b::a00:1', '::', 'fe80::1', 'nonsense']) {
    expect(() => egress.checkAddress(address, to)).toThrow(HttpFault);
  }
});

test("one workspace's list opens no door for another, not even by a connection that is kept alive", async () => {
  await using far = await farSide((_, __, response) => response.end('secret'));
  const client = openHttpClient({ allowHosts: [], lookup });
  const url = `http://inside.test:${far.port}/`;
  const workspaceAllow = [`inside.test:${far.port}`];
  expect(await outcome(client, { url, workspaceAllow })).toBe('200');
  expect(await outcome(client, { url })).toBe('egress-denied no');
  expect(await outcome(client, { url, workspaceAllow: ['inside.test', 'inside.test:1', '*'] })).toBe(
    'egress-denied no',
  );
  expect(await outcome(client, { url, workspaceAllow })).toBe('200');
  expect(far.connections).toBe(1);
  await client.close();
});

test.each(['127.0.0.1', 'http://127.0.0.1:80', 'a:b', '127.0.0.1:80/x', 'u@h:80', '*:80 80', ''])(
  '"%s" is not a pair',
  (pair) => {
    expect(() => openEgress([pair], () => [])).toThrow('is not host:port');
  },
);

test('pairs are compared as URLs spell them, default ports included', () => {
  const egress = openEgress(['LocalHost:80', '[0:0::1]:8080', '0x7f.1:443'], () => []);
  for (const url of ['http://localhost/', 'http://localhost:80', 'http://[::1]:8080/', 'https://127.0.0.1/'])
    expect(egress.target(url).listed).toBe(true);
  for (const url of ['https://localhost/', 'http://localhost:8080/']) expect(egress.target(url).listed).toBe(false);
});

test('no spelling of a loopback address gets past the check', () => {
  const part = (n: number) =>
    fc.constantFrom(String(n), `0x${n.toString(16)}`, `0${n.toString(8)}`, `0X${n.toString(16).padStart(4, '0')}`);
  const wide = (text: string) =>
    [...text].map((c) => (/[!-~]/.test(c) ? String.fromCodePoint(c.codePointAt(0)! + 0xfee0) : c)).join('');
  const spelled = fc
    .tuple(
      fc.integer({ min: 0, max: 0xffffff }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom('.', '。', '.', '。'),
      fc.boolean(),
      fc.boolean(),
    )
    .chain(([low, parts, dot, fullwidth, trailing]) => {
      const address = 0x7f000000 + low;
      const heads = [24, 16, 8].slice(0, parts - 1).map((shift) => (address >>> shift) & 255);
      const rest = address % 2 ** (32 - 8 * (parts - 1));
      return fc.tuple(...[...heads, rest].map(part)).map((list) => {
        const text = list.join(dot) + (trailing ? '.' : '');
        return fullwidth ? wide(text) : text;
      });
    });
  const hex = (n: number) =>
    fc.constantFrom(n.toString(16), n.toString(16).padStart(4, '0'), n.toString(16).toUpperCase());
  const six = fc
    .tuple(
      fc.integer({ min: 0x7f00, max: 0x7fff }),
      fc.integer({ min: 0, max: 0xffff }),
      fc.constantFrom('::ffff:', '0:0:0:0:0:FFFF:', '64:ff9b::', '::', '::ffff:0:'),
    )
    .chain(([a, b, prefix]) => fc.tuple(hex(a), hex(b)).map(([x, y]) => `[${prefix}${x}:${y}]`));
  const egress = openEgress([], () => []);
  fc.assert(
    fc.property(fc.oneof(spelled, six), (host) => {
      expect(() => egress.target(`http://${host}:8080/`)).toThrow(HttpFault);
    }),
    { numRuns: 2000 },
  );
});

test('public addresses are public', () => {
  for (const address of [
    '1.1.1.1',
    '8.8.8.8',
    '93.184.216.34',
    '2606:4700::1111',
    '2a00:1450:4001::',
    '::ffff:1.1.1.1',
  ])
    expect(kindOf(address)).toBe('unicast');
});
