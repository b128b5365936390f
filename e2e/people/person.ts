import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

/** Somebody in front of Heddle: what they do, in verbs, and what they must never meet. */
export interface Person {
  readonly page: Page;
  logIn(): Promise<void>;
  /** Goes to a screen by its name at the left. */
  goTo(screen: 'Home' | 'Runs' | 'Gallery' | 'Reviews' | 'Settings'): Promise<void>;
  /** Runs a command from the palette. */
  command(title: string): Promise<void>;
  /** Looks at the screen in light and dark: axe must find nothing in either. */
  lookClosely(screen: string): Promise<void>;
  /** Nothing was said on the console that is an error. */
  metNoErrors(): void;
}

export const owner = { email: 'ines@example.com', password: 'a long enough password' } as const;

/** Gives a page to somebody. */
export function personAt(page: Page): Person {
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  return {
    page,
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
    lookClosely: async (screen) => {
      for (const theme of ['light', 'dark'] as const) {
        await page.evaluate((chosen) => (document.documentElement.dataset['theme'] = chosen), theme);
        // What moves is half transparent while it does: axe would measure a colour that nobody reads.
        await page.evaluate(async () => {
          const ending = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
          await Promise.allSettled(ending.map(({ finished }) => finished));
        });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(sayViolation), `axe on ${screen}, ${theme}`).toEqual([]);
      }
    },
    metNoErrors: () => expect(errors).toEqual([]),
  };
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[];
}

const sayViolation = ({ id, nodes }: Violation) =>
  `${id}: ${nodes.map(({ target, failureSummary }) => `${String(target)} ${failureSummary ?? ''}`).join('; ')}`;
