import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { hmac, judgeSignature } from './signature.ts';

const secret = 'a secret of some length';
const body = Buffer.alloc(4_000_000, 'a');
const signedBy = (signed: string) =>
  hmac.parse({
    kind: 'hmac',
    scheme: 'custom',
    header: 'x-sig',
    algorithm: 'sha256',
    encoding: 'hex',
    prefix: '',
    signed,
  });

test('a body is hashed once for each call, whatever a template says', () => {
  const times = 2_000;
  const mac = createHmac('sha256', secret);
  const before = process.threadCpuUsage();
  const headers = { 'x-sig': 'nobody knows', 'x-long': 'a'.repeat(16_000) };
  for (const signed of ['{body}'.repeat(times), '{body}.{body}', '{header:x-long}'.repeat(times * 100)])
    expect(judgeSignature(signedBy(signed), { headers, body, now: 0 }, secret)).toBeUndefined();
  const { user, system } = process.threadCpuUsage(before);
  // 2,000 bodies take some 10 s.
  expect((user + system) / 1_000).toBeLessThan(1_000);
  const right = { 'x-sig': mac.update(body).digest('hex') };
  expect(judgeSignature(signedBy('{body}'), { headers: right, body, now: 0 }, secret)?.signs.body).toBe(true);
});
