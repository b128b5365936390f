import type { HouseFile } from './read.ts';
import type { Exceptions } from './rules.ts';
import { isForeign } from './sheets.ts';
import type { Sheet } from './sheets.ts';
import type { Worn } from './worn.ts';

/** Styles on an element that are known before it is drawn: they are a class's. What is worked out (a place, a size, a custom property) stays. */
export const stylesThatAreClasses = (worn: readonly Worn[], exceptions: Exceptions): string[] =>
  worn
    .filter(({ path }) => !(path in exceptions))
    .flatMap(({ path, known }) => known.map((where) => `${path}:${where.replace(' ', ' sets ')}`));

/** Classes that two sheets draw: what one says, the other may take back, by the order in which they came. */
export function drawnTwice(sheets: readonly Sheet[]): string[] {
  const places = new Map<string, string[]>();
  for (const { path, draws } of sheets) for (const name of draws) places.set(name, [...(places.get(name) ?? []), path]);
  return [...places].filter(([, paths]) => paths.length > 1).map(([name, paths]) => `.${name} in ${paths.join(', ')}`);
}

/** Classes in sheets that no element wears. */
export function drawnForNobody(sheets: readonly Sheet[], worn: readonly Worn[]): string[] {
  const isWorn = (name: string) =>
    worn.some(
      ({ classes, beginnings }) => classes.has(name) || [...beginnings].some((beginning) => name.startsWith(beginning)),
    );
  // A word beside a class may come from a table of sizes or tones, or as a prop.
  const isSaid = (name: string) => worn.some(({ words }) => words.has(name));
  return sheets.flatMap(({ path, classes, draws }) =>
    [...classes]
      .filter((name) => !isWorn(name) && (draws.has(name) || !isSaid(name)))
      .map((name) => `${path} draws .${name}`),
  );
}

/** Classes that elements wear and that no sheet draws which is there when they are: their file's, those of the files it imports, or the page's. */
export function drawnByNobody(
  files: readonly HouseFile[],
  sheets: readonly Sheet[],
  worn: readonly Worn[],
  everywhere: string,
): string[] {
  const sheet = new Map(sheets.map((one) => [one.path, one]));
  const file = new Map(files.map((one) => [one.path, one]));
  const follow = (path: string, seen: Set<string>): Set<string> => {
    if (seen.has(path)) return seen;
    seen.add(path);
    for (const to of sheet.get(path)?.imports ?? []) follow(to, seen);
    for (const { to, typeOnly, later } of file.get(path)?.imports ?? []) if (!typeOnly && !later) follow(to, seen);
    return seen;
  };
  return worn.flatMap(({ path, classes }) => {
    const there = follow(everywhere, follow(path, new Set()));
    const isDrawn = (name: string) => [...there].some((one) => sheet.get(one)?.classes.has(name));
    return [...classes].filter((name) => !isForeign(name) && !isDrawn(name)).map((name) => `${path} wears .${name}`);
  });
}

/** Selectors that reach all of the page from the sheet of one part. */
export const reachingOut = (sheets: readonly Sheet[]): string[] =>
  sheets
    .filter(({ path }) => !path.startsWith('app/ui/'))
    .flatMap(({ path, everywhere }) => everywhere.map((selector) => `${path} draws ${selector}`));
