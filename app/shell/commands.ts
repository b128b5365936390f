import { navigate } from 'wouter/use-browser-location';
import type { Command } from '../commands/command.ts';
import { chooseTheme, seenTheme } from '../ui/theme.ts';
import { allScreens } from './screens.ts';
import type { ScreenName } from './screens.ts';

const go = (id: string, title: string, to: string, keys?: string): Command => ({
  id: `go.${id}`,
  title,
  group: 'Go to',
  ...(keys ? { keys: [keys] } : {}),
  run: () => navigate(to),
});

/** Ways into a part of a screen, after the one to the screen itself. */
const parts: Readonly<Partial<Record<ScreenName, readonly Command[]>>> = {
  runs: [
    go('failed', 'Runs that failed', '/runs?status=failed'),
    go('waiting', 'Runs that wait', '/runs?status=waiting', 'G W'),
  ],
  settings: [{ ...go('keys', 'API keys', '/settings/keys'), needs: 'owner' }],
};

/** What can be done on every screen. */
export const shellCommands: readonly Command[] = [
  ...allScreens.flatMap(({ name, title, path, keys }) => [go(name, title, path, keys), ...(parts[name] ?? [])]),
  {
    id: 'theme.turn',
    title: 'Switch between light and dark',
    group: 'Appearance',
    words: 'theme night day',
    run: () => chooseTheme(seenTheme() === 'dark' ? 'light' : 'dark'),
  },
  {
    id: 'theme.system',
    title: 'Light or dark as the system says',
    group: 'Appearance',
    words: 'theme auto',
    run: () => chooseTheme('system'),
  },
];
