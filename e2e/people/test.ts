import { test as base, expect } from '@playwright/test';
import { drawerAt } from './drawer.ts';
import type { Drawer } from './drawer.ts';
import { startNewHeddle } from './new-heddle.ts';
import type { NewHeddle } from './new-heddle.ts';
import { personAt } from './person.ts';
import type { Person } from './person.ts';
import { startTarget } from './target.ts';
import type { Target } from './target.ts';

interface Cast {
  /** Somebody at the page. Whatever went wrong behind the screen, and was not expected, fails the test. */
  readonly ines: Person;
  /** The same person with a mouse, before the canvas. */
  readonly drawer: Drawer;
  /** The far side that workflows call. */
  readonly target: Target;
  /** A Heddle of its own that nobody has set up; the page's addresses are meant there. */
  readonly newHeddle: NewHeddle;
}

/** The ports of one journey: journeys that go on side by side have their own far side, and their own new Heddle. */
const portsOf = ({ parallelIndex }: { parallelIndex: number }) => {
  const first = Number(process.env['HEDDLE_E2E_PORT'] ?? 4810) + 2 * parallelIndex;
  return { target: first + 1, newHeddle: first + 2 };
};

/** A test with its cast. */
export const test = base.extend<Cast>({
  ines: async ({ page }, use) => {
    const ines = personAt(page);
    await use(ines);
    expect(ines.troubles(), 'what went wrong behind the screen').toEqual([]);
  },
  drawer: async ({ page }, use) => use(drawerAt(page)),
  // Playwright reads the names of fixtures from the first parameter, which must be a pattern.
  // oxlint-disable-next-line no-empty-pattern
  target: async ({}, use, journey) => {
    await using target = await startTarget(portsOf(journey).target);
    await use(target);
  },
  // oxlint-disable-next-line no-empty-pattern
  newHeddle: async ({}, use, journey) => {
    const ports = portsOf(journey);
    await using heddle = await startNewHeddle(ports.newHeddle, `127.0.0.1:${ports.target}`);
    await use(heddle);
  },
});

export { expect };
