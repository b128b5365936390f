import { describe, expect, it } from 'vitest';
import { readCode } from './read.ts';
import { renameInCode } from './rename.ts';

const rename = (key: string) => (key === 'hook' ? 'order_hook' : undefined);

describe('a node is renamed and the code that names it follows', () => {
  it.each([
    ['single quotes', "return $('hook').all()", "return $('order_hook').all()"],
    ['double quotes', 'return $("hook").first().x', 'return $("order_hook").first().x'],
    ['backticks', 'return $(`hook`).last()', 'return $(`order_hook`).last()'],
    ['white space and lines', "return $(\n  'hook' // here\n).item", "return $(\n  'order_hook' // here\n).item"],
    ['$node by text', 'return $node["hook"].json.x', 'return $node["order_hook"].json.x'],
    ['$node by name', 'return $node.hook.json.x', 'return $node.order_hook.json.x'],
    ['$items', "return $items('hook')", "return $items('order_hook')"],
    [
      'several in one line',
      "$('hook').all().length + $('other').all().length + $('hook').first()",
      "$('order_hook').all().length + $('other').all().length + $('order_hook').first()",
    ],
    ['a place in a template', 'return `${$("hook").first().n} hook`', 'return `${$("order_hook").first().n} hook`'],
    [
      'await and return at the top',
      "const a = await $('hook').all(); return a",
      "const a = await $('order_hook').all(); return a",
    ],
    [
      'TypeScript',
      "const a: Item[] = $('hook').all() as Item[]; return a!.map<number>((x: Item): number => x.n)",
      "const a: Item[] = $('order_hook').all() as Item[]; return a!.map<number>((x: Item): number => x.n)",
    ],
    ['a letter written as an escape', "return $('\\u0068ook').all()", "return $('order_hook').all()"],
    [
      'letters outside of the first plane before it',
      "const s = '😀é'; return $('hook').all()",
      "const s = '😀é'; return $('order_hook').all()",
    ],
  ])('in %s', (_, before, after) => {
    expect(renameInCode(before, rename)).toBe(after);
  });

  it.each([
    ['a comment', '// $(\'hook\') is the start\n/* $("hook") */ return 1'],
    ['a text', `return "$('hook')" + 'hook' + \`hook\``],
    ['a pattern', "return /$('hook')/.source"],
    ['a field of the same name', 'return $json.hook + items[0]["hook"] + { hook: 1 }.hook'],
    ['another function', "return find('hook') + $.get('hook') + a.$('hook')"],
    ['a $ of its own', "const $ = (name) => name; return $('hook')"],
    ['a parameter called $', "return [1].map(($) => $('hook'))"],
    ['an expression in brackets inside a text', `return "{{ $('hook').item }}"`],
    ['another key', "return $('hooks').all() + $('Hook').all()"],
    ['code that does not parse', "return $('hook'.all("],
  ])('and leaves %s alone', (_, source) => {
    expect(renameInCode(source, rename)).toBe(source);
  });
});

describe('what code says without being run', () => {
  it('names the nodes with their places, and says when one is worked out', () => {
    const { keys, dynamic } = readCode("const a = $('one').all();\nreturn $node['two'].json + $('on' + 'e').item");
    expect(keys.map(({ key, line, column }) => [key, line, column])).toEqual([
      ['one', 1, 13],
      ['two', 2, 14],
    ]);
    expect(dynamic).toBe(true);
  });

  it.each([
    ['a bracket too many', 'const a = 1;\nreturn (a));', 2, 11],
    ['a stray sign', 'const b = ;', 1, 11],
    ['an open text', "const a = 1;\n\nreturn 'x", 3, 8],
    ['TypeScript with a mistake', 'const a: number = 1;\nconst b: string = ;', 2, 19],
    ['an import', "import x from 'y'", 1, 1],
  ])('says where %s is', (_, source, line, column) => {
    expect(readCode(source).error).toMatchObject({ line, column });
  });

  it('survives code that is nested too deeply', () => {
    expect(readCode(`return ${'('.repeat(100_000)}1`).error?.message).toMatch(/deep/);
    expect(readCode(`return ${'!'.repeat(100_000)}1`).error?.message).toMatch(/deep/);
    expect(readCode(`return ${'1+'.repeat(100_000)}1`).error?.message ?? 'read').toMatch(/deep|read/);
  });

  it.each([
    ["const axios = require('axios')", [['require', 'axios']]],
    ["await fetch('https://a.b')", [['fetch', 'https://a.b']]],
    ['return process.env.KEY', [['process', undefined]]],
    ["const { x } = await import('node:fs')", [['import', 'fs']]],
    ['return this.helpers.httpRequest({})', [['this.helpers', undefined]]],
    ['return $helpers.request()', [['$helpers', undefined]]],
    ["if (typeof process !== 'undefined') return process.env", []],
    ['const fetch = (x) => x; return fetch(1)', []],
    ['function require(a) { return a } return require(1)', []],
    ['return { fetch: 1, process: 2 }.fetch + item.require', []],
    ['class A { fetch() {} process = 1 } return new A()', []],
    ['const { fetch } = item; return fetch', []],
    ["// require('x')\nreturn 'fetch(1)'", []],
    ['let a: process.Env = 1; return a', []],
  ])('finds what code nodes do not have: %s', (source, expected) => {
    const reading = readCode(source);
    expect(reading.error).toBeUndefined();
    expect(reading.absent.map(({ name, module }) => [name, module])).toEqual(expected);
  });
});
