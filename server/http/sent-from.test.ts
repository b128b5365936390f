import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { sentFrom } from './sent-from.ts';

function request(address: string, forwarded?: string): IncomingMessage {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: address });
  const made = new IncomingMessage(socket);
  if (forwarded !== undefined) made.headers['x-forwarded-for'] = forwarded;
  return made;
}

test('a request comes from whoever sent it, whatever it says', () => {
  expect(sentFrom([])(request('192.0.2.1', '198.51.100.1'))).toBe('192.0.2.1');
  expect(sentFrom(['10.0.0.0/8'])(request('192.0.2.1', '198.51.100.1'))).toBe('192.0.2.1');
});

test('of what a proxy that is believed says, the last address counts that is none of ours', () => {
  const from = sentFrom(['10.0.0.0/8', '127.0.0.1']);
  expect(from(request('127.0.0.1', '198.51.100.1'))).toBe('198.51.100.1');
  expect(from(request('10.0.0.1', '203.0.113.9, 198.51.100.1, 10.0.0.2'))).toBe('198.51.100.1');
  expect(from(request('10.0.0.1'))).toBe('10.0.0.1');
});
