import { expect } from '@playwright/test';
import type { Locator } from '@playwright/test';

/** Where something is seen, on the screen. What is drawn anew just then, as a form that has arrived, is looked for until it is there. */
export async function boxOf(of: Locator): Promise<NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>> {
  for (;;) {
    await expect(of, 'is seen').toBeVisible();
    const box = await of.boundingBox();
    if (box) return box;
  }
}

/** How many looks a thing that goes on moving gets, a frame apart: it is pressed where it is then. */
const mostLooks = 120;

/** The middle of what is seen, on the screen, once it stands still: a hand does not press what glides away under it. */
export async function middle(of: Locator): Promise<[number, number]> {
  let box = await boxOf(of);
  for (let look = 0; look < mostLooks; look++) {
    await of.page().evaluate(() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen))));
    const later = await boxOf(of);
    const isStill = later.x === box.x && later.y === box.y && later.width === box.width && later.height === box.height;
    box = later;
    if (isStill) break;
  }
  return [box.x + box.width / 2, box.y + box.height / 2];
}
