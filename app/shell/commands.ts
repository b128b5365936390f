import { navigate } from 'wouter/use-browser-location';
import type { Command } from '../commands/command.ts';
import { chooseTheme, seenTheme } from '../ui/theme.ts';

const go = (id: string, title: string, to: string, keys?: string): Command => ({
  id: `go.${id}`,
  title,
  group: 'Go to',
  ...(keys ? { keys: [keys] } : {}),
  run: () => navigate(to),
});

/** What can be done on every screen. */
export const shellCommands: readonly Command[] = [
  go('home', 'Home', '/', 'G H'),
  go('runs', 'Runs', '/runs', 'G R'),
  go('failed', 'Runs that failed', '/runs?status=failed'),
  go('waiting', 'Runs that wait', '/runs?status=waiting', 'G W'),
  go('gallery', 'Gallery', '/gallery', 'G G'),
  go('connections', 'Connections', '/connections', 'G C'),
  go('reviews', 'Approvals', '/reviews', 'G V'),
  go('settings', 'Settings', '/settings', 'G S'),
  { ...go('keys', 'API keys', '/settings/keys'), needs: 'owner' },
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
