import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

/** What of axe's rules looks at colours; all else of a screen is the same in both themes. */
const ofColours = ['color-contrast', 'link-in-text-block'];

/** Looks at the screen in light, with every rule that axe has on, and in dark at its colours: neither must find anything. */
export async function lookClosely(page: Page, screen: string): Promise<void> {
  // A screen that is not drawn yet shows nothing to look at, and nothing that is busy either.
  await expect(page.locator('main').first(), `${screen} has a main part`).toBeVisible();
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  const before = await page.evaluate(() => document.documentElement.dataset['theme']);
  for (const theme of ['light', 'dark'] as const) {
    await wear(page, theme);
    // Legacy: it opens no page of its own to gather what frames of other origins say, of which there are none.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    const { violations } = await (theme === 'light' ? axe : axe.withRules(ofColours)).analyze();
    expect.soft(violations.map(sayViolation), `axe on ${screen}, ${theme}`).toEqual([]);
  }
  await wear(page, before);
}

async function wear(page: Page, theme: string | undefined): Promise<void> {
  await page.evaluate((chosen) => {
    if (chosen === undefined) delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = chosen;
  }, theme);
  await atRest(page);
}

/** Waits until nothing moves that ends: what moves is half transparent, and axe would measure a colour that nobody reads. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[];
}

const sayViolation = ({ id, nodes }: Violation) =>
  `${id}: ${nodes.map(({ target, failureSummary }) => `${String(target)} ${failureSummary ?? ''}`).join('; ')}`;
