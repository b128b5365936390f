import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { lookClosely } from './closely.ts';

/** Somebody in front of Heddle: what they do, in verbs, and what they must never meet. */
export interface Person {
  readonly page: Page;
  logIn(): Promise<void>;
  /** Goes to a screen by its name at the left. */
  goTo(screen: 'Home' | 'Runs' | 'Gallery' | 'Connections' | 'Approvals' | 'Settings'): Promise<void>;
  /** Runs a command from the palette. */
  command(title: string): Promise<void>;
  /** Looks at the screen in light and dark: axe must find nothing in either. */
  lookClosely(screen: string): Promise<void>;
  /** From now on such an error is part of the story, as when the server is taken away. */
  expectsTrouble(words: RegExp): void;
  /** What went wrong behind the screen and was not expected: errors on the console, requests that failed. */
  readonly troubles: () => readonly string[];
}

export const owner = { name: 'Ines', email: 'ines@example.com', password: 'a long enough password' } as const;

/** Gives a page to somebody. */
export function personAt(page: Page): Person {
  const { troubles, expectsTrouble } = watch(page);
  return {
    page,
    troubles,
    expectsTrouble,
    lookClosely: (screen) => lookClosely(page, screen),
    logIn: async () => {
      await page.goto('/login');
      await page.getByLabel('E-mail').fill(owner.email);
      await page.getByLabel('Password').fill(owner.password);
      await page.getByRole('button', { name: 'Log in' }).click();
      await expect(page.getByRole('heading', { name: 'Home', level: 1 })).toBeVisible();
    },
    goTo: async (screen) => {
      await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click();
      await expect(page.getByRole('heading', { name: screen, level: 1 })).toBeVisible();
    },
    command: async (title) => {
      await page.keyboard.press('Control+K');
      await page.getByPlaceholder('Find a command').fill(title);
      await page.getByRole('option', { name: title }).first().waitFor();
      await page.keyboard.press('Enter');
    },
  };
}

/** Listens to what people do not see: the console, and requests that come back with an error or not at all. */
function watch(page: Page): Pick<Person, 'troubles' | 'expectsTrouble'> {
  const heard: string[] = [];
  const expected: RegExp[] = [];
  const hear = (text: string) => {
    if (!expected.some((words) => words.test(text))) heard.push(text);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') hear(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => hear(`uncaught: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400) hear(`answer: ${response.status()} ${response.request().method()} ${response.url()}`);
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // A page that is left lets go of what it asked for.
    if (why !== 'net::ERR_ABORTED') hear(`request: ${why} ${request.method()} ${request.url()}`);
  });
  return { troubles: () => heard, expectsTrouble: (words) => void expected.push(words) };
}
