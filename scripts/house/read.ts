import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseAst } from 'rolldown/parseAst';

/** One import, re-export or `import()` of a file. */
export interface Import {
  /** A path from the package's root for our own files, else the package's name (`zod`, `node:fs`). */
  to: string;
  own: boolean;
  typeOnly: boolean;
  /** Taken by `import()`, when it is needed. */
  later: boolean;
  /** The names taken, as the other file calls them; `*` for a default or the whole. */
  names: string[];
}

/** A source file as the house rules see it. */
export interface HouseFile {
  /** From the package's root, with `/`. */
  path: string;
  lines: number;
  imports: Import[];
  /** Every function with its first line and its length in lines. */
  functions: { name: string; line: number; length: number }[];
  /** Names called or constructed bare, as `eval(…)`, `fetch(…)`, `new Function(…)`. */
  calls: string[];
  /** Property reads as `object.property`, the last two names of each chain. */
  members: string[];
  /** Names that are read or written bare and are no member of something else, whoever declared them. */
  names: Set<string>;
  /** Nothing in it but `export … from`. */
  isBarrel: boolean;
  isTest: boolean;
}

const source = /\.(tsx?|js)$/;
const notOurs = new Set(['node_modules', 'dist', '.heddle', 'public', 'drizzle']);

/** Reads every source file below these folders of `root`. */
export function readHouse(root: string, folders: readonly string[]): HouseFile[] {
  return folders.flatMap((folder) =>
    filesBelow(path.join(root, folder)).map((file) =>
      readSource(path.relative(root, file).replaceAll(path.sep, '/'), readFileSync(file, 'utf8')),
    ),
  );
}

/** Every folder below these folders of `root`, from the root, with `/`. */
export function readFolders(root: string, folders: readonly string[]): string[] {
  return folders.flatMap((folder) => [
    folder,
    ...readdirSync(path.join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !notOurs.has(entry.name))
      .flatMap((entry) => readFolders(root, [`${folder}/${entry.name}`])),
  ]);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : filesBelow(file);
    return source.test(entry.name) ? [file] : [];
  });
}

/** A syntax tree's node; which fields it has depends on its type. */
export type Node = { type: string; start: number; end: number } & Record<string, unknown>;

/** Reads one file from its text. */
export function readSource(file: string, text: string): HouseFile {
  const ends = lineEnds(text);
  const lineOf = (offset: number) => ends.findIndex((end) => offset <= end) + 1;
  const found: HouseFile = {
    path: file,
    lines: text.trimEnd().split('\n').length,
    imports: [],
    functions: [],
    calls: [],
    members: [],
    names: new Set(),
    isBarrel: false,
    isTest: /\.(test|fixture|e2e)\.tsx?$/.test(file) || /\/testing(-setup\.ts|\.ts|\/)/.test(file),
  };
  const program = parseAst(text.replace(/^#!/, '//'), {
    lang: file.endsWith('x') ? 'tsx' : 'ts',
    sourceType: 'module',
  });
  const parsed: unknown = program.body;
  const body = isNodes(parsed) ? parsed : [];
  found.isBarrel = body.length > 0 && body.every((node) => node.type.startsWith('Export') && isNode(node['source']));
  walk(body, undefined, (node, parent) => {
    const imported = importOf(file, node);
    if (imported) found.imports.push(imported);
    if (/Function/.test(node.type) && isNode(node['body'])) {
      const line = lineOf(node.start);
      found.functions.push({ name: nameOf(node, parent), line, length: lineOf(node.end) - line + 1 });
    }
    if (node.type === 'CallExpression' || node.type === 'NewExpression') found.calls.push(lastNames(node['callee']));
    if (node.type === 'Identifier' && isBare(node, parent)) found.names.add(String(node['name']));
    if (node.type === 'MemberExpression') found.members.push(lastNames(node));
  });
  return found;
}

export function walk(
  value: unknown,
  parent: Node | undefined,
  visit: (node: Node, parent: Node | undefined) => void,
): void {
  if (Array.isArray(value)) for (const one of value) walk(one, parent, visit);
  else if (isNode(value)) {
    visit(value, parent);
    for (const [key, inner] of Object.entries(value)) if (key !== 'type') walk(inner, value, visit);
  }
}

/** Not the name of a member or of a key, unless that is worked out. */
const isBare = (node: Node, parent: Node | undefined): boolean =>
  parent === undefined ||
  Boolean(parent['computed']) ||
  (parent.type === 'Property' && Boolean(parent['shorthand'])) ||
  (parent['property'] !== node && parent['key'] !== node && !/^(Ex|Im)portSpecifier|^JSX|^TS/.test(parent.type));

function importOf(file: string, node: Node): Import | undefined {
  if (!/^(Import|ExportNamed|ExportAll)(Declaration|Expression)$/.test(node.type) || !isNode(node['source']))
    return undefined;
  const specifier = node['source']['value'];
  if (typeof specifier !== 'string') return undefined;
  const own = specifier.startsWith('.');
  const to = own ? path.posix.join(path.posix.dirname(file), specifier) : packageOf(specifier);
  const names = isNodes(node['specifiers']) ? node['specifiers'] : [];
  const kinds = names.map((name) => name['importKind'] ?? name['exportKind']);
  const typeOnly =
    node['importKind'] === 'type' ||
    node['exportKind'] === 'type' ||
    (kinds.length > 0 && kinds.every((kind) => kind === 'type'));
  const later = node.type === 'ImportExpression';
  return { to, own, typeOnly, later, names: names.map((name) => lastNames(name['imported']) || '*') };
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier.split('/')[0] ?? specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function nameOf(node: Node, parent: Node | undefined): string {
  for (const holder of [node['id'], parent?.['key'], parent?.['id']]) {
    if (isNode(holder) && typeof holder['name'] === 'string') return holder['name'];
  }
  return '(nameless)';
}

/** `a.b.c` gives `b.c`, `a` gives `a`, anything cleverer gives what can be read of it. */
function lastNames(value: unknown): string {
  if (!isNode(value)) return '';
  if (value.type === 'Identifier' && typeof value['name'] === 'string') return value['name'];
  if (value.type !== 'MemberExpression') return '';
  const before = lastNames(value['object']).split('.').at(-1) ?? '';
  return `${before}.${lastNames(value['property'])}`;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

export function isNodes(value: unknown): value is Node[] {
  return Array.isArray(value) && value.every(isNode);
}

function lineEnds(text: string): number[] {
  const ends = [...text.matchAll(/\n/g)].map((match) => match.index);
  return [...ends, text.length];
}
