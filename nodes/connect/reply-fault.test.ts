import { expect, test } from 'vitest';
import { replyOf } from '../kit/fakes.ts';
import { statusFault } from './reply-fault.ts';

test('an answer of ten megabytes with an error status was decoded twice and searched whole, two seconds for each item', async () => {
  const reply = replyOf(
    { status: 500, text: `Sorry,${' \n'.repeat(20)}broken.${' '.repeat(3_000)}` },
    'https://x.example/',
  );
  const whole = () => {
    throw new Error('All of it was read.');
  };
  const { message, details } = await statusFault({ method: 'GET', url: reply.url }, { ...reply, looseText: whole }, 0);
  expect(message).toBe('GET https://x.example/ answered 500: Sorry, broken.');
  expect(String((details as { body: string }).body)).toHaveLength(2_000);
});
