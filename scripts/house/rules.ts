import type { HouseFile, Import } from './read.ts';

/** What the house allows beside its rules: a path (or path and function) and the reason. */
export type Exceptions = Readonly<Record<string, string>>;

/** The packages that the pure rooms may import; ARCHITECTURE.md names those of `flow/`. */
export const pure = {
  flow: ['zod', 'acorn', '@sveltejs/acorn-typescript', 'luxon', 're2js', 'lru-cache', '@noble/hashes', 'croner'],
  nodes: ['zod', 'papaparse', 'fast-xml-parser', 'feedsmith', 'marked', '@e965/xlsx', 'luxon', 're2js'],
} as const;

/** What only tests need: the JSON Schema validator is the oracle of our own, the icon set proves that a card's icon exists. */
const forTests = (name: string) =>
  ['vitest', 'fast-check', '@cfworker/json-schema', 'lucide-react'].includes(name) || name.startsWith('node:');

const roomOf = (file: string) => file.split('/')[0] ?? '';
/** `server/journal/tables.ts` is in the room `server/journal`, `app/ui/mark.tsx` in `app/ui`; a file straight in `server/` is a room by itself. */
const innerRoomOf = (file: string) => file.split('/').slice(0, 2).join('/');

/** Who may import whom (DESIGN 4). */
export function wallsBroken(files: readonly HouseFile[]): string[] {
  return files.flatMap((file) =>
    file.imports.filter((imported) => !mayImport(file, imported)).map(({ to }) => `${file.path} imports ${to}`),
  );
}

function mayImport(file: HouseFile, { to, own, typeOnly }: Import): boolean {
  const from = roomOf(file.path);
  if (!own) {
    if (from !== 'flow' && from !== 'nodes') return true;
    return pure[from].some((name) => name === to) || (file.isTest && forTests(to));
  }
  const target = roomOf(to);
  if (target === from) return true;
  if (from === 'flow') return false;
  if (from === 'nodes') return target === 'flow';
  if (from === 'server') return target === 'flow' || target === 'nodes';
  if (from === 'app') return target === 'flow' || (typeOnly && /^server\/.*router\.ts$/.test(to));
  return true; // bench, e2e, scripts and the root look at everything
}

/** No room of the server reaches into another's tables or router; a file here may, for the reason given. server/db has no tables: its file is the list of all. */
export function rooms(files: readonly HouseFile[], exceptions: Exceptions): string[] {
  return files.flatMap((file) =>
    file.imports
      .filter(
        ({ to }) =>
          /^server\/(?!db\/)[^/]+\/(tables|router)\.ts$/.test(to) && innerRoomOf(to) !== innerRoomOf(file.path),
      )
      .filter(() => roomOf(file.path) === 'server' && !(file.path in exceptions))
      .map(({ to }) => `${file.path} reaches into ${to}`),
  );
}

const withRooms = ['server', 'app'];

/**
 * The circles among the rooms of the server and among those of the app, each as `a → b → a`; tests may look around. The one list of all tables names
 * every room and is named by none: it makes no circle.
 */
export function circles(files: readonly HouseFile[]): string[] {
  const edges = new Map<string, Set<string>>();
  for (const file of files) {
    const outer = roomOf(file.path);
    if (!withRooms.includes(outer) || file.isTest || file.path === 'server/db/tables.ts') continue;
    const from = innerRoomOf(file.path);
    for (const { to } of file.imports) {
      if (roomOf(to) === outer && innerRoomOf(to) !== from)
        edges.set(from, (edges.get(from) ?? new Set()).add(innerRoomOf(to)));
    }
  }
  const found = new Set<string>();
  const follow = (room: string, way: string[]): void => {
    const seen = way.indexOf(room);
    if (seen >= 0) {
      found.add(turned(way.slice(seen)).join(' → '));
      return;
    }
    for (const next of edges.get(room) ?? []) follow(next, [...way, room]);
  };
  for (const room of edges.keys()) follow(room, []);
  return [...found].sort();
}

/** The same circle whichever room it was entered by. */
function turned(circle: string[]): string[] {
  const first = circle.indexOf([...circle].sort()[0] ?? '');
  const [start = '', ...rest] = [...circle.slice(first), ...circle.slice(0, first)];
  return [start, ...rest, start];
}

const drawers = /(^|\/)(utils?|helpers?|common|services?|misc)(\/|\.tsx?$)/;

/** Drawers for anything, and files that only pass on others'. */
export function drawersAndBarrels(files: readonly HouseFile[]): string[] {
  return files.filter((file) => drawers.test(file.path) || file.isBarrel).map(({ path }) => path);
}

/** Files over the cap. */
export function giants(files: readonly HouseFile[], exceptions: Exceptions): string[] {
  return files
    .filter((file) => file.lines > (file.isTest ? 600 : 400) && !(file.path in exceptions))
    .map(({ path, lines }) => `${path} has ${lines} lines`);
}

/** Functions over 60 lines outside tests, as `path name (lines)`. */
export function longFunctions(files: readonly HouseFile[], exceptions: Exceptions): string[] {
  return files
    .filter((file) => !file.isTest)
    .flatMap((file) =>
      file.functions
        .filter(({ name, length }) => length > longest(file.path) && !(`${file.path} ${name}` in exceptions))
        .map(({ name, length }) => `${file.path} ${name} (${length} lines)`),
    );
}

/** Markup counts as lines without being steps: a component may be longer than a function. */
const longest = (path: string) => (path.endsWith('.tsx') ? 100 : 60);

/** Exceptions that nothing needs any more. */
export function stale(exceptions: Exceptions, isNeeded: (name: string) => boolean): string[] {
  return Object.keys(exceptions).filter((name) => !isNeeded(name));
}

const running = new Set(['eval', 'Function', 'globalThis.eval', 'globalThis.Function', 'window.eval']);
const ways = new Set([
  'undici',
  'node:http',
  'node:https',
  'node:http2',
  'node:net',
  'node:tls',
  'node:dgram',
  'node:dns',
  'http',
  'https',
  'net',
]);
/** What those modules also have that reaches nobody. */
const harmless = new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'STATUS_CODES', 'METHODS']);
const reaches = ({ to, typeOnly, names }: Import) =>
  ways.has(to) && !typeOnly && !(names.length > 0 && names.every((name) => harmless.has(name)));
const dialling = new Set(['fetch', 'globalThis.fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']);

/** Parts of the page that are loaded later and do not wait for a server that is away: they would take their screen with them. */
export const impatientParts = (files: readonly HouseFile[]): string[] =>
  files
    .filter(({ path, isTest, calls }) => path.startsWith('app/') && !isTest && calls.includes('lazy'))
    .filter(
      ({ calls }) =>
        calls.filter((name) => name === 'lazy').length > calls.filter((name) => name === 'whenThere').length,
    )
    .map(({ path }) => `${path} calls lazy without whenThere`);

/** Text that becomes code, other than in the sandbox (SAFETY 4.1). */
export function codeFromText(files: readonly HouseFile[]): string[] {
  return files
    .filter((file) => !file.path.startsWith('server/sandbox/') && !file.isTest)
    .flatMap((file) => [
      ...file.calls.filter((name) => running.has(name)).map((name) => `${file.path} calls ${name}`),
      ...file.imports
        .filter(({ to }) => ['node:vm', 'vm', 'vm2', 'isolated-vm'].includes(to))
        .map(({ to }) => `${file.path} imports ${to}`),
    ]);
}

/** Ways out of the process, other than the guarded client's. The app's are its own: it runs in the browser. */
export function waysOut(files: readonly HouseFile[], exceptions: Exceptions): string[] {
  return files
    .filter((file) => ['flow', 'nodes', 'server'].includes(roomOf(file.path)))
    .filter((file) => !file.path.startsWith('server/wire/') && !file.isTest && !(file.path in exceptions))
    .flatMap((file) => [
      ...file.imports.filter(reaches).map(({ to }) => `${file.path} imports ${to}`),
      ...file.calls.filter((name) => dialling.has(name)).map((name) => `${file.path} calls ${name}`),
    ]);
}

const ofHost = [
  'fetch',
  'localStorage',
  'sessionStorage',
  'indexedDB',
  'location',
  'EventSource',
  'WebSocket',
  'XMLHttpRequest',
];
const global = /^(window|globalThis|self|document)\./;

/** Where the app asks the page it stands in for its server, its storage or its address, other than in `app/host`, which an embed replaces. */
export function pastHost(files: readonly HouseFile[]): string[] {
  return files
    .filter(({ path, isTest }) => path.startsWith('app/') && !path.startsWith('app/host/') && !isTest)
    .flatMap(({ path, names, members }) =>
      ofHost
        .filter((name) => names.has(name) || members.some((one) => global.test(one) && one.endsWith(`.${name}`)))
        .map((name) => `${path} reads ${name}`),
    );
}

/**
 * Files of the server that know the nodes of this build by themselves. They are one source of the catalogue: who asks past it misses what a workspace
 * has beside them. The command line works on files that belong to no workspace.
 */
export function pastCatalogue(files: readonly HouseFile[]): string[] {
  const may: Readonly<Record<string, (path: string) => boolean>> = {
    'nodes/all.ts': (path) => path === 'server/catalogue/built-in.ts',
    'server/catalogue/built-in.ts': (path) => /^server\/(catalogue|cli)\//.test(path),
  };
  return files
    .filter((file) => roomOf(file.path) === 'server' && !file.isTest)
    .flatMap((file) =>
      file.imports.filter(({ to }) => may[to]?.(file.path) === false).map(({ to }) => `${file.path} imports ${to}`),
    );
}

/** Files that take the engine's pool, which sees every workspace (ENGINE E22). */
export function engineTaken(files: readonly HouseFile[], exceptions: Exceptions): string[] {
  const rooms = ['server/journal', 'server/engine', 'server/work', 'server/db'];
  return files
    .filter((file) => roomOf(file.path) === 'server' && !file.isTest && !(file.path in exceptions))
    .filter((file) => !rooms.includes(innerRoomOf(file.path)))
    .filter((file) => file.members.includes('database.engine') || file.calls.includes('openWorkerPool'))
    .map(({ path }) => path);
}

/** The folders of the fenced tree in ARCHITECTURE.md, from the root: two spaces a level, a name and `/`, then what it is. */
export function drawnFolders(page: string): string[] {
  const tree = [...page.matchAll(/```[a-z]*\n([\s\S]*?)```/g)]
    .map(([, inner = '']) => inner)
    .find((inner) => /^flow\//m.test(inner));
  const way: { depth: number; name: string }[] = [];
  return (tree ?? '').split('\n').flatMap((line) => {
    const [, indent = '', name] = /^( *)([\w.-]+)\/(\s|$)/.exec(line) ?? [];
    if (!name) return [];
    while ((way.at(-1)?.depth ?? -1) >= indent.length) way.pop();
    way.push({ depth: indent.length, name });
    return [way.map((step) => step.name).join('/')];
  });
}
