import { expect, test } from 'vitest';
import { anonymous, countedAs } from './caller.ts';

test('somebody whom nobody knows is counted by place: the addresses of one IPv6 network are one', () => {
  const names = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:3::1', '10.0.0.1', '::ffff:10.0.0.1'];
  expect(names.map((address) => countedAs(anonymous, address))).toEqual([
    'ip:2001:db8:1:2::/64',
    'ip:2001:db8:1:2::/64',
    'ip:2001:db8:1:3::/64',
    'ip:10.0.0.1',
    'ip:10.0.0.1',
  ]);
});
