import fc from 'fast-check';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { markdownBlocks } from './markdown-blocks.ts';
import { PlainMarkdown } from './plain-markdown.tsx';

const drawn = (text: string) => renderToStaticMarkup(createElement(PlainMarkdown, { className: 'x', text }));

test.each(['\n', '\r\n', '\r'])(
  'details of an approval came out as one line with # in sight, lines ending in %j',
  (end) => {
    expect(drawn(['# Hi', '**5** days', '- x', '- `y`', '## More', 'last', 'line'].join(end))).toBe(
      '<div class="plain-markdown x"><p class="plain-heading"><b>Hi</b></p><p><b>5</b> days</p><ul><li>x</li><li><code class="mono-s">y</code></li></ul>' +
        '<p class="plain-heading"><b>More</b></p><p>last\nline</p></div>',
    );
  },
);

test.each([
  ['a\n\nb\nc', ['text a', 'text b/c']],
  ['- a\n  more\n* b\n\n- c', ['list a/more, b', 'list c']],
  ['Steps:\n3. a\n4) b\n- c', ['text Steps:', 'list 3: a, b', 'list c']],
  ['#5 is late', ['text #5 is late']],
  ['C# and\n###### Deep ##', ['text C# and', 'heading Deep']],
  ['5 * 3\n-5 degrees\n2026.\n**a**', ['text 5 * 3/-5 degrees/2026./**a**']],
  ['a\n```js\n# b\n\n- c\n```\nd', ['text a', 'code # b//- c', 'text d']],
  ['~~~\nnever ended', ['code never ended']],
  [' \n\n', []],
])('%j is read as it is meant', (text, said) => {
  const words = markdownBlocks(text).map((block) => {
    if (block.kind !== 'list') return `${block.kind} ${block.text}`;
    return `list ${block.first === undefined ? '' : `${block.first}: `}${block.entries.join(', ')}`;
  });
  expect(words.map((word) => word.replaceAll('\n', '/'))).toEqual(said);
});

test('no word is lost and no HTML is made, whatever is written', () => {
  const line = fc.constantFrom('', '# a', 'b', '- c', '1. d', '  e', '<b>f</b>', '#g', '-');
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
      const text = renderToStaticMarkup(createElement(PlainMarkdown, { className: 'x', text: lines.join(end) }));
      const letters = (words: string) => words.replaceAll(/[^a-h]/g, '');
      const plain = text
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>');
      expect(letters(plain)).toBe(letters(lines.join(end)));
      expect(markdownBlocks(lines.join('\r\n'))).toEqual(markdownBlocks(lines.join('\n')));
    }),
  );
});

test('code between fences and words in italics stood there with their marks', () => {
  expect(drawn('on *Monday*, 2*3*4, 2 * 3 * 4, * a\n```\n<b> *x*\n```')).toBe(
    '<div class="plain-markdown x"><p>on <em>Monday</em>, 2*3*4, 2 * 3 * 4, * a</p><pre class="mono-s">&lt;b&gt; *x*</pre></div>',
  );
});
