import * as z from 'zod';

const place = 'heddle.nodes-used';
const shape = z.array(z.string());
const most = 5;

/** The types of nodes that were added last in this browser, newest first. */
export function usedLately(): readonly string[] {
  try {
    return shape.safeParse(JSON.parse(localStorage.getItem(place) ?? '[]')).data ?? [];
  } catch {
    return []; // storage may be forbidden: then nothing was used lately
  }
}

/** Notes that a node of a type was added. */
export function noteUsed(type: string): void {
  try {
    localStorage.setItem(place, JSON.stringify([type, ...usedLately().filter((one) => one !== type)].slice(0, most)));
  } catch {
    // As above.
  }
}
