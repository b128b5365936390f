import { describe, expect, test } from 'vitest';
import { manifestOf } from '../../flow/check/manifest.ts';
import { workflow } from '../../flow/document/workflow.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { openHttpClient } from '../wire/http-client.ts';
import { farSide as realSide } from '../wire/testing/far-side.ts';
import { allNodes, catalogue } from '../../nodes/all.ts';
import type { HttpRequest } from '../../nodes/kit/powers.ts';
import { InMemoryRun, farSide, httpReply } from './testing/in-memory.ts';
import type { FarSide, PlayOptions } from './testing/in-memory.ts';
import { crash } from './testing/cut.ts';

const shop = (params: object = {}, settings: object = {}, at = 'https://shop.example.com'): Workflow =>
  workflow.parse({
    heddle: 1,
    name: 'Orders',
    nodes: [
      { key: 'go', type: 'start.manual' },
      {
        key: 'order',
        type: 'connect.http-request',
        params: {
          method: 'POST',
          url: `${at}/orders`,
          json: { n: '{{ $json.n }}' },
          checkUrl: `${at}/orders/{{ $json.n }}`,
          ...params,
        },
        settings: { inDoubt: 'verify', ...settings },
      },
      { key: 'then', type: 'control.no-op' },
    ],
    edges: [
      { from: 'go', to: 'order' },
      { from: 'order', to: 'then' },
    ],
  });
const runOf = (document: Workflow, options: Partial<PlayOptions>) =>
  new InMemoryRun(document, { nodes: allNodes, ...options });
const lost = () => new Fault('http.reset', 'The connection closed.', { done: 'unknown' });
const methods = ({ sent }: FarSide) => sent.map(({ method }) => method);
const needs = ({ facts }: InMemoryRun) => facts.filter(({ type }) => type === 'step.in-doubt').map(({ data }) => data);

describe('inDoubt: verify asks the service whether it was done (E11)', () => {
  test('done: what it answers is what the node gives, and nothing is sent again', async () => {
    const far = farSide(({ method }) => {
      if (method === 'POST') throw lost();
      return httpReply(200, { id: 7 });
    });
    const done = await runOf(shop(), { far }).play();
    expect([done.state.ended?.status, done.state.output]).toEqual(['finished', [{ id: 7 }]]);
    expect(methods(far)).toEqual(['POST', 'GET']);
    expect(far.sent[1]).toMatchObject({ url: 'https://shop.example.com/orders/1' });
    expect(far.sent[1]?.body).toBeUndefined();
  });

  test('it is asked only once what was sent can no longer be under way', async () => {
    const at: number[] = [];
    const one = runOf(shop(), {
      far: farSide(({ method }) => {
        at.push(one.now);
        if (method === 'POST') throw lost();
        return httpReply();
      }),
    });
    await one.play();
    expect(at[1]! - at[0]!).toBe(5_000);
  });

  test('not done: it is sent again, with the same key', async () => {
    const far = farSide(({ method }, count) => {
      if (count === 1) throw lost();
      return method === 'GET' ? httpReply(404) : httpReply(201, { id: 8 });
    });
    const done = await runOf(shop(), { far }).play();
    expect([done.state.ended?.status, done.state.output]).toEqual(['finished', [{ id: 8 }]]);
    expect(methods(far)).toEqual(['POST', 'GET', 'POST']);
    expect(far.sent[2]?.headers).toEqual(far.sent[0]?.headers);
  });

  test('never done: after three tries it is a failure that is known, and leaves as onError says', async () => {
    const far = farSide(({ method }) => {
      if (method === 'POST') throw lost();
      return httpReply(410);
    });
    const done = await runOf(shop(), { far }).play();
    expect(done.state.failing).toMatchObject({ code: 'doubt.not-done', done: 'no', node: 'order' });
    expect(methods(far)).toEqual(['POST', 'GET', 'POST', 'GET', 'POST', 'GET']);
    const ignored = await runOf(shop({}, { onError: 'ignore' }), { far }).play();
    expect(ignored.state.output).toEqual([{ n: 1 }]);
  });

  test.each([
    ['an error status', () => httpReply(500)],
    [
      'no answer either',
      () => {
        throw lost();
      },
    ],
  ])('unknown, by %s: a person is asked, and the service no more', async (_, answer) => {
    const far = farSide(({ method }) => {
      if (method === 'POST') throw lost();
      return answer();
    });
    const left = await runOf(shop(), { far }).play();
    expect(left.state.ended).toBeUndefined();
    expect(methods(far)).toEqual(['POST', 'GET']);
    expect(needs(left)).toMatchObject([{ items: [0] }, { items: [0], checked: true }]);
  });

  test.each([
    ['no check URL', shop({ checkUrl: undefined })],
    ['another setting', shop({}, { inDoubt: 'ask' })],
  ])('with %s a person is asked as ever', async (_, document) => {
    const far = farSide(() => {
      throw lost();
    });
    const left = await runOf(document, { far }).play();
    expect([left.state.ended, methods(far)]).toEqual([undefined, ['POST']]);
  });

  test.each([
    [{ data: [{ id: 1 }] }, 'finished', ['POST', 'GET']],
    [{ data: [] }, 'finished', ['POST', 'GET', 'POST']],
    [{ data: null }, 'finished', ['POST', 'GET', 'POST']],
    [{}, 'finished', ['POST', 'GET', 'POST']],
  ])('a search that answers %j tells by its field', async (body, status, sent) => {
    const far = farSide(({ method }, count) => {
      if (count === 1) throw lost();
      return method === 'GET' ? httpReply(200, body) : httpReply();
    });
    const done = await runOf(shop({ checkField: 'data' }), { far }).play();
    expect([done.state.ended?.status, methods(far)]).toEqual([status, sent]);
  });

  test('publishing grants the host that is asked, too', () => {
    const document = shop({ checkUrl: 'https://status.example.com/{{ $json.n }}' });
    expect(manifestOf(document, catalogue).hosts).toEqual(['shop.example.com', 'status.example.com']);
  });
});

/** A shop in memory that keeps orders by their number, and may lose its answers. */
function orders() {
  const kept: number[] = [];
  const answer = ({ method, url, body }: HttpRequest) => {
    const n = method === 'GET' ? Number(url.split('/').at(-1)) : Number(JSON.parse(String(body)).n);
    if (method === 'POST') kept.push(n);
    return kept.includes(n) ? httpReply(200, { n }) : httpReply(404);
  };
  return { kept, far: farSide(answer) };
}

test.each([1, 3])(
  'cut at every fact, %d at a time, every order is there once and nobody is asked',
  async (concurrency) => {
    const input = [1, 2, 3].map((n) => ({ n }));
    const document = shop({}, { concurrency });
    const whole = await runOf(document, { far: orders().far, input }).play();
    expect(whole.state.ended?.status).toBe('finished');
    for (let cut = 1; cut < whole.facts.length; cut++) {
      const { kept, far } = orders();
      const first = runOf(document, { far, input });
      first.diesAfter = cut;
      await expect(first.play()).rejects.toThrow('the process died');
      const second = runOf(document, { far, input });
      second.resume(first.facts);
      crash(second);
      await second.play();
      expect([second.state.ended?.status, second.state.output, kept.toSorted()], `cut after fact ${cut}`).toEqual([
        'finished',
        input,
        [1, 2, 3],
      ]);
    }
  },
);

test('a real service that does what it is told and hangs up is asked over HTTP, and gets one order', async () => {
  const kept = new Map<string, { id: number }>();
  await using side = await realSide(({ method, url, body }, _, response) => {
    if (method === 'POST') {
      kept.set(String(JSON.parse(body).n), { id: kept.size + 1 });
      response.destroy();
    } else {
      const found = kept.get(url.split('/').at(-1) ?? '');
      response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? {}));
    }
  });
  await using client = {
    http: openHttpClient({ allowHosts: [side.pair] }),
    [Symbol.asyncDispose]: () => client.http.close(),
  };
  const far = farSide(async (request) => {
    const { status, body } = await client.http.send({ timeoutMs: 5_000, ...request });
    return httpReply(status, JSON.parse(new TextDecoder().decode(body)));
  });
  const done = await runOf(shop({}, {}, side.url), { far, input: [{ n: 5 }, { n: 6 }] }).play();
  expect([done.state.ended?.status, done.state.output]).toEqual(['finished', [{ id: 1 }, { id: 2 }]]);
  expect(methods(far).toSorted()).toEqual(['GET', 'GET', 'POST', 'POST']);
});
