import { expect, test } from 'vitest';
import { testCatalogue } from '../testing/cards.ts';
import { draw } from '../testing/draw.ts';
import { compile } from './compile.ts';

const shows = { params: { text: 'Answer at {{ $step.resumeUrl }}' } };
const off = { params: { on: false } };

/** Which node's link each node means, as `node>waits`. */
function links(text: string, nodes: Parameters<typeof draw>[1] = {}): string[] {
  const compiled = compile(draw(text, nodes), testCatalogue);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.issues));
  return Object.values(compiled.plan.nodes).flatMap(({ key, link }) => (link === undefined ? [] : [`${key}>${link}`]));
}

test.each([
  ['the next wait', 'a:test.start -> m -> w:test.called', { m: shows }, ['m>w', 'w>w']],
  [
    'the nearest of several',
    'a:test.start -> m -> b -> w:test.called -> v:test.called',
    { m: shows },
    ['m>w', 'w>w', 'v>v'],
  ],
  [
    'the nearer branch',
    'a:test.start -> m -> b -> v:test.called\nm -> w:test.called',
    { m: shows },
    ['m>w', 'v>v', 'w>w'],
  ],
  [
    'the first edge of two as near',
    'a:test.start -> m -> v:test.called\nm -> w:test.called',
    { m: shows },
    ['m>v', 'v>v', 'w>w'],
  ],
  ['none upstream', 'a:test.start -> w:test.called -> m', { m: shows }, ['w>w']],
  ['none that is switched off', 'a:test.start -> m -> w:test.called', { m: shows, w: off }, []],
  [
    'none that is disabled',
    'a:test.start -> m -> w:test.called',
    { m: shows, w: { settings: { disabled: true } } },
    [],
  ],
  [
    'one in the same turn',
    'a:test.start -> l:test.loop\nl.each -> m -> w:test.called -> l.next',
    { m: shows },
    ['m>w', 'w>w'],
  ],
  [
    'none of a turn to come',
    'a:test.start -> l:test.loop\nl.each -> w:test.called -> m -> l.next',
    { m: shows },
    ['w>w'],
  ],
  [
    'one after the loop',
    'a:test.start -> l:test.loop\nl.each -> m -> l.next\nl.done -> w:test.called',
    { m: shows },
    ['m>w', 'w>w'],
  ],
  [
    'none inside of a loop, from outside',
    'a:test.start -> m -> l:test.loop\nl.each -> w:test.called -> l.next',
    { m: shows },
    ['w>w'],
  ],
  ['none when nothing is said of a link', 'a:test.start -> m -> w:test.called', {}, ['w>w']],
] as const)('a node means %s', (_, drawing, nodes, expected) => {
  expect(links(drawing, nodes)).toEqual(expected);
});

test('a port that a switch brings is there while it is on', () => {
  const drawing = 'a:test.start -> w:test.called\nw.timeout -> b';
  expect(compile(draw(drawing), testCatalogue).ok).toBe(true);
  expect(compile(draw(drawing, { w: off }), testCatalogue).ok).toBe(false);
});
