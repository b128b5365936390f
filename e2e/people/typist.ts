import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

/** Somebody who has a keyboard and nothing else. */
export interface Typist {
  /** Presses keys, one after the other. */
  press(...keys: string[]): Promise<void>;
  /** Presses keys so fast that no frame is drawn between them, and waits for two frames. */
  atOnce(...keys: string[]): Promise<void>;
  type(text: string): Promise<void>;
  /** Goes with Tab, or back with Shift, until this has the focus. */
  reach(goal: Locator): Promise<void>;
  /** Reaches a field and types into it what it shall hold. */
  fill(field: Locator, text: string): Promise<void>;
  /** Reaches a button or link and presses it. */
  use(control: Locator): Promise<void>;
  /** Reaches a choice, opens it and takes an option by its first letters. */
  pick(choice: Locator, option: string): Promise<void>;
}

const farthest = 150;

/** Gives somebody at a page a keyboard, and takes the mouse away: a press of it is an error on the console. */
export async function typistAt(page: Page): Promise<Typist> {
  await page.addInitScript(() => {
    addEventListener('pointerdown', () => console.error('A mouse was pressed.'), { capture: true });
  });
  const { keyboard } = page;
  const press = async (...keys: string[]) => {
    for (const key of keys) await keyboard.press(key);
  };
  const reach = async (goal: Locator) => {
    await goal.waitFor();
    const key = (await goal.evaluate(liesBefore)) ? 'Shift+Tab' : 'Tab';
    for (let presses = 0; presses < farthest; presses++) {
      if (await goal.evaluate((element) => element === document.activeElement)) return;
      await keyboard.press(key);
    }
    throw new Error(`${farthest} times Tab do not lead to ${goal.toString()}.`);
  };
  return {
    press,
    reach,
    atOnce: (...keys) => page.evaluate(pressed, keys),
    type: (text) => keyboard.type(text),
    fill: async (field, text) => {
      await reach(field);
      await press('Control+A');
      await keyboard.type(text);
      await expect(field).toHaveValue(text);
    },
    use: async (control) => {
      await reach(control);
      await press('Enter');
    },
    pick: async (choice, option) => {
      await reach(choice);
      await press('Enter');
      const wanted = page.getByRole('option', { name: option, exact: true });
      await wanted.waitFor();
      await keyboard.type(option.slice(0, 8));
      // In a long list what is typed goes into a field, which keeps the focus.
      await expect(wanted).toHaveAttribute('data-highlighted', '');
      await press('Enter');
      await expect(choice).toHaveText(option);
    },
  };
}

/** Whether something lies before what has the focus, so that the way back is the shorter one. */
const liesBefore = (element: Element): boolean =>
  document.activeElement !== null &&
  (document.activeElement.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING) !== 0;

const pressed = async (keys: string[]): Promise<void> => {
  for (const key of keys)
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  for (let frames = 0; frames < 2; frames++) await new Promise((drawn) => requestAnimationFrame(drawn));
};
