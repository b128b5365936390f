import { expect, test, vi } from 'vitest';
import { allScreens, titleAt } from './screens.ts';

// The command that turns the theme asks at once what the system wishes.
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }));
const { shellCommands } = await import('./commands.ts');

test.each([
  ['/', 'Home'],
  ['/gallery/order-webhook', 'Gallery'],
  ['/reviews', 'Approvals'],
  ['/settings/keys', 'Settings'],
  ['/nowhere', undefined],
])('the screen at %s is called %s', (address, title) => {
  expect(titleAt(address)).toBe(title);
});

test('every screen is called by its own title and gone to by a command of that title, with keys of its own', () => {
  for (const { path, title, keys } of allScreens) {
    expect(titleAt(path)).toBe(title);
    expect(shellCommands.find((command) => command.group === 'Go to' && command.title === title)?.keys?.[0]).toBe(keys);
  }
  const all = shellCommands.flatMap(({ keys = [] }) => keys);
  expect(new Set(all).size).toBe(all.length);
});
