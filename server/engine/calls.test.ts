import { describe, expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { Fenced } from './holding.ts';
import { farSide, httpReply, play } from './testing/in-memory.ts';
import { testNodes } from './testing/nodes.ts';

/** One node that calls three times: an effect, one that may be repeated, an effect. */
const document = draw('a:test.start -> b:test.calls -> c');
const nodes = testNodes;

describe('a journalled call that broke off', () => {
  test.each([
    ['an error that says nothing of it', () => new Error('socket hang up')],
    [
      'an error that says that it cannot know',
      () => Object.assign(new Error('reset'), { code: 'http.reset', done: 'unknown' }),
    ],
  ])('after its first byte is in doubt, by %s: it is not sent again by itself', async (_, error) => {
    const far = farSide((_request, count) => {
      if (count === 3) throw error();
      return httpReply();
    });
    const run = await play(document, { nodes, far, answer: () => [] });
    expect(run.state.ended).toBeUndefined();
    expect(run.facts.at(-1)).toMatchObject({ type: 'step.in-doubt', data: { call: '2' } });
    expect(far.sent).toHaveLength(3);
  });

  test('before its first byte has failed, and the run with it', async () => {
    const run = await play(document, {
      nodes,
      far: farSide(),
      lastLook: () => {
        throw new Error('refused before anything left');
      },
    });
    expect(run.state.ended?.status).toBe('failed');
    expect(run.facts.map(({ type }) => type)).not.toContain('step.in-doubt');
  });
});

test.each([1, 2, 3])(
  'a fence that falls before call %i fails nothing: the call is made once the claim is renewed, once',
  async (which) => {
    const far = farSide();
    let looks = 0;
    const run = await play(document, {
      nodes,
      far,
      lastLook: () => {
        looks++;
        if (looks === which) throw new Fenced();
      },
    });
    expect(run.state.ended?.status).toBe('finished');
    expect(far.sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
    const types = run.facts.map(({ type }) => type);
    expect(types.filter((type) => type === 'call.intended')).toHaveLength(2);
    expect(types).not.toContain('step.failed');
  },
);
