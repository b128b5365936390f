import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import * as look from './scripts/house/look.ts';
import { readFolders, readHouse } from './scripts/house/read.ts';
import * as rules from './scripts/house/rules.ts';
import { readSheets } from './scripts/house/sheets.ts';
import { readAllWorn } from './scripts/house/worn.ts';

/** Each exception has its reason; one that is no longer needed fails the test too. */
const mayReachIn: rules.Exceptions = {
  'server/db/tables.ts': 'lists every table with its class, for grants and row-level security',
};
const mayBeLong: rules.Exceptions = {};
const insideIsolate = 'goes into the isolate as one text, where nothing can be imported';
const listed = 'a list of routes, each a few lines long: declared side by side so that roles can be compared';
const mayRunLong: rules.Exceptions = {
  'server/workflows/routes.ts draftRoutes': listed,
  'server/sandbox/guest/console.ts installConsole': insideIsolate,
  'server/sandbox/guest/library.ts installLibraries': insideIsolate,
  'server/sandbox/guest/run.ts installRun': insideIsolate,
  'server/sandbox/guest/text.ts installText': insideIsolate,
  'server/sandbox/guest/time.ts installTime': insideIsolate,
  'server/sandbox/guest/url.ts installUrl': insideIsolate,
};
const mayGoOut: rules.Exceptions = {
  'server/db/cluster.ts': 'asks the system for a free port on loopback',
};
const mayTakeEngine: rules.Exceptions = {
  'server/cli/doctor.ts': 'makes the mirrors anew from the facts, those of every workspace',
  'server/process.ts': 'puts a process together: opens the rooms that work on the engine’s pool',
};

const mayKnowItsStyle: rules.Exceptions = {
  'app/graph/graph.tsx': 'React Flow reads from the style how large its overview is drawn',
};

const root = import.meta.dirname;
const roomsOfHouse = ['flow', 'nodes', 'server', 'app'].filter((name) => existsSync(path.join(root, name)));
const house = readHouse(root, roomsOfHouse);
const everything = [
  ...house,
  ...readHouse(
    root,
    ['bench', 'e2e', 'scripts'].filter((name) => existsSync(path.join(root, name))),
  ),
];

test('the house is read at all', () => {
  expect(house.length).toBeGreaterThan(100);
  expect(
    house
      .find((file) => file.path === 'server/db/tables.ts')
      ?.imports.some(({ to }) => to === 'server/journal/tables.ts'),
  ).toBe(true);
});

describe('walls', () => {
  test('flow imports no other room, nodes import flow, server both, the app flow and the router’s type', () => {
    expect(rules.wallsBroken(house)).toEqual([]);
  });

  test('no room of the server reaches into another’s tables or router', () => {
    expect(rules.rooms(house, mayReachIn)).toEqual([]);
  });

  test('the rooms of the server stand in no circle, nor do those of the app', () => {
    expect(rules.circles(house)).toEqual([]);
  });

  test('the server asks the catalogue for nodes, and nobody asks past it', () => {
    expect(rules.pastCatalogue(house)).toEqual([]);
  });

  test('the engine’s pool is taken only by the rooms that keep the journal', () => {
    expect(rules.engineTaken(house, mayTakeEngine)).toEqual([]);
  });
});

describe('shape', () => {
  test('no drawers for anything, no barrels', () => {
    expect(rules.drawersAndBarrels(everything)).toEqual([]);
  });

  test('files stay under 400 lines, tests under 600', () => {
    expect(rules.giants(everything, mayBeLong)).toEqual([]);
  });

  test('functions stay under 60 lines', () => {
    expect(rules.longFunctions(house, mayRunLong)).toEqual([]);
  });
});

describe('safety', () => {
  test('text becomes code only in the sandbox', () => {
    expect(rules.codeFromText(house)).toEqual([]);
  });

  test('what the page loads later waits for a server that is away', () => {
    expect(rules.impatientParts(house)).toEqual([]);
  });

  test('the way out is the guarded client', () => {
    expect(rules.waysOut(house, mayGoOut)).toEqual([]);
  });

  test('the page is asked for its server, its storage and its address in app/host only', () => {
    expect(rules.pastHost(house)).toEqual([]);
  });

  test('isolated-vm is at least 7.0.1, which mended GHSA-864f-rcv7-6rh4', () => {
    const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
    const { packages } = z
      .object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) })
      .parse(lock);
    const found = Object.entries(packages).filter(([where]) => /(^|\/)(isolated-vm|vm2)$/.test(where));
    expect(found.map(([where]) => where)).toEqual(['node_modules/isolated-vm']);
    const [major = 0, minor = 0, patch = 0] = (found[0]?.[1].version ?? '').split('.').map(Number);
    expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(7_000_001);
  });
});

const app = house.filter(({ path: file, isTest }) => file.startsWith('app/') && !isTest);
const worn = readAllWorn(root, app);

describe('look', () => {
  const sheets = readSheets(root, ['app']);

  test('the sheets and what is worn are read at all', () => {
    expect(sheets.find(({ path: file }) => file === 'app/ui/app.css')?.imports).toContain('app/ui/button.css');
    expect(sheets.find(({ path: file }) => file === 'app/ui/button.css')?.draws).toContain('btn');
    expect(worn.find(({ path: file }) => file === 'app/ui/button.tsx')?.classes).toContain('btn');
  });

  test('a class is drawn in one sheet', () => {
    expect(look.drawnTwice(sheets)).toEqual([]);
  });

  test('what an element wears is drawn in a sheet that is there when it is, and no sheet draws for nobody', () => {
    expect(look.drawnByNobody(app, sheets, worn, 'app/ui/app.css')).toEqual([]);
    expect(look.drawnForNobody(sheets, worn)).toEqual([]);
  });

  test('the sheet of a part reaches only that part', () => {
    expect(look.reachingOut(sheets)).toEqual([]);
  });

  test('a style on an element is worked out; what is known beforehand is a class', () => {
    expect(look.stylesThatAreClasses(worn, mayKnowItsStyle)).toEqual([]);
  });
});

test('text is written in the TextArea and the TextInput of app/ui: under React’s own Chromium undoes letter by letter', () => {
  // What is ticked or chosen holds no text, and what React does not hold keeps its own.
  const plain = /type="(checkbox|radio|file)"|defaultValue=/;
  const own = house.filter(({ path: file }) => {
    const text = file.endsWith('.tsx') ? readFileSync(path.join(root, file), 'utf8') : '';
    const inputs = [...text.matchAll(/<(textarea|input)\b[^]*?\/>/g)].map(([element]) => element);
    return inputs.some((element) => !plain.test(element) && /value=|\{\.\.\./.test(element));
  });
  expect(own.map(({ path: file }) => file)).toEqual(['app/ui/text-area.tsx']);
});

test('every exception is still needed', () => {
  const fails = (rule: (files: typeof house, exceptions: rules.Exceptions) => string[], name: string) =>
    rule(everything, {}).some((broken) => broken.startsWith(name));
  expect([
    ...rules.stale(mayReachIn, (name) => fails(rules.rooms, name)),
    ...rules.stale(mayBeLong, (name) => fails(rules.giants, name)),
    ...rules.stale(mayRunLong, (name) => fails(rules.longFunctions, name)),
    ...rules.stale(mayGoOut, (name) => fails(rules.waysOut, name)),
    ...rules.stale(mayTakeEngine, (name) => fails(rules.engineTaken, name)),
    ...rules.stale(mayKnowItsStyle, (name) =>
      look.stylesThatAreClasses(worn, {}).some((broken) => broken.startsWith(name)),
    ),
  ]).toEqual([]);
});

test.runIf(existsSync(path.join(root, 'ARCHITECTURE.md')))(
  'ARCHITECTURE.md names the packages that flow may import',
  () => {
    const [, cells = ''] =
      /^\| `flow\/` +\|[^|]*\|([^|]*)\|$/m.exec(readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8')) ?? [];
    expect(cells.trim().split(', ').toSorted()).toEqual(['itself', ...rules.pure.flow].toSorted());
  },
);

test.runIf(existsSync(path.join(root, 'ARCHITECTURE.md')))('the tree in ARCHITECTURE.md is true', () => {
  const drawn = rules.drawnFolders(readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8'));
  expect(drawn).toContain('flow');
  expect(drawn.filter((folder) => !existsSync(path.join(root, folder)))).toEqual([]);
  // Rooms and what is in them; folders deeper down need no place on the map.
  const real = readFolders(root, roomsOfHouse).filter((folder) => folder.split('/').length <= 2);
  expect(real.filter((folder) => !drawn.includes(folder))).toEqual([]);
});
