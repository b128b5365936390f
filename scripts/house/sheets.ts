import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import postcss from 'postcss';
import { readFolders } from './read.ts';

/** A style sheet as the house rules see it. */
export interface Sheet {
  /** From the package's root, with `/`. */
  path: string;
  /** Our own sheets that it imports. */
  imports: string[];
  /** Every class that a selector names. */
  classes: Set<string>;
  /** The classes that its selectors begin with: these it draws, the others it finds inside of them or beside them. */
  draws: Set<string>;
  /** Selectors that begin with no class: they reach all of the page. */
  everywhere: string[];
}

/** Classes that are put on elements by libraries, or tell them something. */
export const isForeign = (name: string): boolean => /^(react-flow|monaco|quick-input)|^no(drag|pan|wheel)$/.test(name);

/** What React Flow says of its handles and edges, beside our own classes. */
const statesOfFlow = new Set(['connectionindicator', 'connectingfrom', 'connectingto', 'valid', 'selected']);

/** Reads every style sheet below these folders of `root`. */
export const readSheets = (root: string, folders: readonly string[]): Sheet[] =>
  readFolders(root, folders).flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith('.css'))
      .map((name) => readSheet(`${folder}/${name}`, readFileSync(path.join(root, folder, name), 'utf8'))),
  );

/** Reads one sheet from its text. */
export function readSheet(file: string, text: string): Sheet {
  const sheet: Sheet = { path: file, imports: [], classes: new Set(), draws: new Set(), everywhere: [] };
  const css = postcss.parse(text);
  css.walkAtRules('import', ({ params }) => {
    const [, to = ''] = /^['"](\.[^'"]+)['"]/.exec(params) ?? [];
    if (to) sheet.imports.push(path.posix.join(path.posix.dirname(file), to));
  });
  css.walkRules(({ selectors, parent }) => {
    if (parent?.type === 'atrule' && 'name' in parent && parent.name === 'keyframes') return;
    for (const selector of selectors) {
      const named = [...selector.matchAll(/\.(-?[a-z_][\w-]*)/gi)].map(([, name = '']) => name);
      const own = named.filter((name) => !isForeign(name) && !statesOfFlow.has(name));
      for (const name of own) sheet.classes.add(name);
      if (parent?.type === 'rule') continue;
      const [first] = named;
      if (first === undefined) sheet.everywhere.push(selector);
      else if (!isForeign(first)) sheet.draws.add(first);
    }
  });
  return sheet;
}
