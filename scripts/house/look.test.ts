import { expect, test } from 'vitest';
import * as look from './look.ts';
import { readSource } from './read.ts';
import { readSheet } from './sheets.ts';
import { readWorn } from './worn.ts';

const jsx = (attributes: string) => `const color = 'red';\nexport const a = <i ${attributes} />;`;
const worn = (attributes: string, path = 'app/home/a.tsx') => readWorn(path, jsx(attributes));

test.for([
  ['style={{ gap: 4 }}', ['app/home/a.tsx:2 sets gap']],
  [`style={{ top: -1, '--x': 'red' }}`, ['app/home/a.tsx:2 sets top', 'app/home/a.tsx:2 sets --x']],
  [`style={{ left: x, color: isOn ? 'red' : 'blue' }}`, ['app/home/a.tsx:2 sets color']],
  [`style={isOn ? { gap: 4 } : undefined}`, ['app/home/a.tsx:2 sets gap']],
  ['style={{ height: `10px` }}', ['app/home/a.tsx:2 sets height']],
  [`style={{ left: x, top: y + 4, height, width: \`\${part * 100}%\`, '--depth': depth }}`, []],
  ['style={place(stretch)}', []],
] as const)('%s: whether a class is meant', ([attributes, found]) => {
  expect(look.stylesThatAreClasses([worn(attributes)], {})).toEqual(found);
  expect(look.stylesThatAreClasses([worn(attributes)], { 'app/home/a.tsx': 'a reason' })).toEqual([]);
});

test('a style that is written beside its component is found too', () => {
  const text = `const round = { width: 18, height: size };\nexport const a = <i style={round} />;`;
  expect(look.stylesThatAreClasses([readWorn('app/a.tsx', text)], {})).toEqual(['app/a.tsx:2 sets width']);
});

test('classes are read where they are meant: what decides between them, and other texts, are none', () => {
  const { classes, beginnings } = worn(
    "className={classes('row', kind === 'list' && 'on', isBig ? 'lg' : size, `is-${state} wide`)} title='small'",
  );
  expect([...classes]).toEqual(['row', 'on', 'lg', 'wide']);
  expect([...beginnings]).toEqual(['is-']);
});

test('a class that two sheets draw is found; one that a sheet finds inside of its own is not', () => {
  const button = readSheet('app/ui/button.css', '.btn { color: red } .btn.sm { gap: 0 }');
  const bar = readSheet('app/home/bar.css', '@layer components { .bar > .btn, .react-flow .btn { flex: none } }');
  const other = readSheet('app/home/other.css', '@media (max-width: 760px) { .btn:hover { color: blue } }');
  expect(look.drawnTwice([button, bar])).toEqual([]);
  expect(look.drawnTwice([button, bar, other])).toEqual(['.btn in app/ui/button.css, app/home/other.css']);
});

test('a class that nobody wears is found, and one beside it that no text says', () => {
  const sheet = readSheet('app/home/a.css', '.row.big { gap: 0 } .row.is-late { gap: 0 } .list { gap: 0 }');
  const said = [worn("className={classes('row', `is-${state}`, size)} title='a big list'")];
  expect(look.drawnForNobody([sheet], said)).toEqual(['app/home/a.css draws .list']);
  expect(look.drawnForNobody([sheet], [worn('className={`row is-${state}`}')])).toEqual([
    'app/home/a.css draws .big',
    'app/home/a.css draws .list',
  ]);
});

test('what is worn must be drawn where it is: in the file’s sheet, in one that comes with what it imports, or on every page', () => {
  const sheets = [
    readSheet('app/ui/app.css', `@import './button.css' layer(components);`),
    readSheet('app/ui/button.css', '.btn { gap: 0 }'),
    readSheet('app/home/a.css', '.row { gap: 0 }'),
  ];
  const files = [
    readSource('app/home/a.tsx', `import './a.css';`),
    readSource('app/home/b.tsx', `import { a } from './a.tsx';`),
    readSource('app/home/later.tsx', `const a = import('./a.tsx'); import type { A } from './a.tsx';`),
  ];
  const found = (path: string, names: string) =>
    look.drawnByNobody(files, sheets, [worn(`className="${names}"`, path)], 'app/ui/app.css');
  expect(found('app/home/a.tsx', 'btn row nodrag')).toEqual([]);
  expect(found('app/home/b.tsx', 'row')).toEqual([]);
  expect(found('app/home/b.tsx', 'raw')).toEqual(['app/home/b.tsx wears .raw']);
  expect(found('app/home/later.tsx', 'btn row')).toEqual(['app/home/later.tsx wears .row']);
});

test('a part whose sheet reaches all of the page is found', () => {
  const reaching = '@layer components { h1 { gap: 0 } .a h1 { gap: 0 } } @keyframes b { to { opacity: 0 } }';
  expect(
    look.reachingOut([readSheet('app/home/a.css', reaching), readSheet('app/ui/look/base.css', 'h1 { gap: 0 }')]),
  ).toEqual(['app/home/a.css draws h1']);
});
