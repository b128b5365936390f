/**
 * A path says in which turn of which loops something is: `` at the root, `/loop:3/inner:0` in turn 0 of `inner` within
 * turn 3 of `loop`.
 */

/** The path of one turn of a loop that stands at `outer`. */
export const turnPath = (outer: string, loop: string, turn: number): string => `${outer}/${loop}:${turn}`;

/** The path cut to its first `depth` loops: where a node with that many loops around it stands. */
export function cutPath(path: string, depth: number): string {
  let end = 0;
  for (let level = 0; level < depth; level++) {
    const next = path.indexOf('/', end + 1);
    if (next < 0) return path;
    end = next;
  }
  return path.slice(0, end);
}

/** The path one loop further out; the root's is the root. */
export const outerPath = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

/** The turn number of the innermost loop; 0 at the root. */
export const turnOf = (path: string): number => {
  const colon = path.lastIndexOf(':');
  return colon < 0 ? 0 : Number(path.slice(colon + 1));
};

/** The innermost loop's key; undefined at the root. */
export const loopOf = (path: string): string | undefined =>
  path === '' ? undefined : path.slice(path.lastIndexOf('/') + 1, path.lastIndexOf(':'));

/** How many loops are around something at this path. */
export const depthOf = (path: string): number => path.split('/').length - 1;
