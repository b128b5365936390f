import { expect, test } from 'vitest';
import * as z from 'zod';
import { nothing, route } from '../route.ts';
import { replyJudge } from './declared.ts';

const get = (path: string, replies: Record<number, z.ZodType>) =>
  route({
    method: 'GET',
    path,
    role: 'viewer',
    summary: '',
    params: z.looseObject({}),
    replies,
    handle: async () => ({}) as never,
  });
const judge = replyJudge([
  get('/api/v1/things/:id', { 200: z.object({ id: z.string() }), 204: nothing }),
  get('/api/v1/things/index', { 200: z.object({ items: z.array(z.string()) }) }),
]);
const told = (url: string, status: number, body?: unknown) => judge({ method: 'GET', url, status, body });

test.each([
  ['/api/v1/things/a?full=1', 200, { id: 'a' }],
  ['/api/v1/things/index', 200, { items: [] }],
  ['/api/v1/things/a', 204, undefined],
  ['/api/v1/things/a', 404, { error: { code: 'not-found', message: 'There is no such thing.' } }],
  ['/hooks/main/x', 200, 'whatever'],
] as const)('%s %d is as it is declared', (url, status, body) => {
  expect(told(url, status, body)).toBeUndefined();
});

test.each([
  ['/api/v1/things/a', 200, { id: 1 }, 'not of the shape'],
  ['/api/v1/things/a', 200, { id: 'a', secret: 'x' }, 'more than it declares'],
  ['/api/v1/things/index', 200, { id: 'a' }, 'not of the shape'],
  ['/api/v1/things/a', 202, { id: 'a' }, 'no such status'],
  ['/api/v1/things/a', 204, {}, 'not of the shape'],
  ['/api/v1/things/a', 404, 'not found', 'not of the shape'],
] as const)('%s %d %j is found: %s', (url, status, body, wrong) => {
  expect(told(url, status, body)).toContain(wrong);
});
