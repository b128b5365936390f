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

/** The middle of what is seen, on the screen. */
export async function middle(of: Locator): Promise<[number, number]> {
  const box = await boxOf(of);
  return [box.x + box.width / 2, box.y + box.height / 2];
}
