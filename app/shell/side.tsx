import { leaveTo } from '../host/place.ts';
import {
  Activity,
  Check,
  ChevronsUpDown,
  House,
  KeyRound,
  LayoutGrid,
  LogOut,
  Moon,
  Plus,
  Search,
  Settings,
  Spline,
  Sun,
  UserRoundCheck,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { logOut } from '../api/accounts.ts';
import { mayAct } from '../../flow/contract/account.ts';
import type { Me } from '../../flow/contract/account.ts';
import { useRunNews } from '../api/run-news.ts';
import { waitingQuery } from '../api/runs.ts';
import { chooseWorkspace } from '../host/session.ts';
import { IconButton } from '../ui/button.tsx';
import { Logo } from '../ui/logo.tsx';
import { Menu, MenuHead, MenuItem, MenuLine } from '../ui/menu.tsx';
import { count } from '../ui/when.ts';
import { openPalette } from '../commands/palette-open.ts';
import { useRecent } from '../home/recent.ts';
import { chooseTheme, seenTheme, useTheme } from '../ui/theme.ts';
import { toast } from '../ui/toast.ts';
import { initials } from '../ui/initials.ts';
import { allScreens, screens } from './screens.ts';
import type { ScreenName } from './screens.ts';
import './side.css';

const icons: Readonly<Record<ScreenName, LucideIcon>> = {
  home: House,
  runs: Activity,
  gallery: LayoutGrid,
  connections: KeyRound,
  reviews: UserRoundCheck,
  settings: Settings,
};

/** What stands at the top, the rest at the foot. */
const atTop = allScreens.filter(({ name }) => name !== 'settings');

/** Where one can go, whose workspace this is, and who one is. */
export function Side({ me, path }: { me: Me | undefined; path: string }) {
  const recent = useRecent(me !== undefined);
  const news: Partial<Record<ScreenName, number>> = { reviews: useQuestions(me !== undefined) };
  return (
    <nav className="side" aria-label="Screens">
      <div className="side-top">
        <Logo />
        <WorkspaceMenu me={me} />
        <span className="grow" />
        <IconButton label="Commands" keys="Mod+K" size="sm" onClick={openPalette}>
          <Search className="i i-14" aria-hidden />
        </IconButton>
      </div>
      {atTop.map(({ name, path: to, title }) => (
        <SideLink key={name} to={to} icon={icons[name]} path={path} title={title} news={news[name]} />
      ))}
      {recent.length > 0 && (
        <div className="side-recent" role="group" aria-label="Recent workflows">
          <span className="head" aria-hidden>
            Recent
          </span>
          {recent.map(({ id, name }) => (
            <SideLink key={id} to={`/workflows/${id}`} icon={Spline} path={path} title={name} />
          ))}
        </div>
      )}
      <span className="end" />
      <SideLink to={screens.settings.path} icon={icons.settings} path={path} title={screens.settings.title} />
      <PersonMenu me={me} />
    </nav>
  );
}

/** How many answers are wanted of people, kept true while the page is seen. */
function useQuestions(isKnown: boolean): number {
  const { data } = useQuery({ ...waitingQuery(useRunNews(isKnown) ? 'told' : 'asked'), enabled: isKnown });
  return (data ?? []).reduce((sum, { needs }) => sum + needs.length, 0);
}

interface SideLinkProps {
  readonly to: string;
  readonly icon: LucideIcon;
  readonly title: string;
  readonly path: string;
  /** How many things there want a person. */
  readonly news?: number | undefined;
}

function SideLink({ to, icon: Icon, title, path, news = 0 }: SideLinkProps) {
  const isHere = to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`);
  return (
    <Link href={to} className={isHere ? 'on' : ''} aria-current={isHere ? 'page' : undefined} title={title}>
      <Icon className="i" aria-hidden />
      <span className="cut side-word">{title}</span>
      {news > 0 && (
        <span className="n warn num">
          {count(news)}
          <span className="sr"> wait for a person</span>
        </span>
      )}
    </Link>
  );
}

function WorkspaceMenu({ me }: { me: Me | undefined }) {
  const go = (slug: string) => {
    chooseWorkspace(slug);
    leaveTo('/');
  };
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" title="Workspace">
          <span className="cut side-word">{me?.workspace.name ?? ' '}</span>
          <ChevronsUpDown className="i i-12 t3" aria-hidden />
        </button>
      }
    >
      <MenuHead>Workspaces</MenuHead>
      {me?.workspaces.map(({ id, slug, name }) => (
        <MenuItem
          key={id}
          icon={id === me.workspace.id ? <Check className="i" aria-hidden /> : <span className="i" />}
          onSelect={() => go(slug)}
        >
          {name}
        </MenuItem>
      ))}
      {me && mayAct(me.role, 'owner') && (
        <>
          <MenuLine />
          <MenuItem icon={<Plus className="i" aria-hidden />} onSelect={() => leaveTo('/settings/workspace')}>
            New workspace
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

function PersonMenu({ me }: { me: Me | undefined }) {
  useTheme(); // drawn anew when it changes
  const isDark = seenTheme() === 'dark';
  const name = me?.name ?? me?.email ?? '';
  const leave = async () => {
    try {
      await logOut();
    } catch (error) {
      toast({ state: 'failed', title: 'You are still logged in', text: error instanceof Error ? error.message : '' });
      return;
    }
    chooseWorkspace(undefined);
    leaveTo('/login');
  };
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className="side-act" title="You">
          <span className="avatar" aria-hidden>
            {initials(name)}
          </span>
          <span className="cut side-word">{name}</span>
        </button>
      }
    >
      {me?.email && <MenuHead>{me.email}</MenuHead>}
      <MenuItem
        icon={isDark ? <Sun className="i" aria-hidden /> : <Moon className="i" aria-hidden />}
        onSelect={() => chooseTheme(isDark ? 'light' : 'dark')}
      >
        {isDark ? 'Light' : 'Dark'}
      </MenuItem>
      <MenuItem icon={<LogOut className="i" aria-hidden />} onSelect={() => void leave()}>
        Log out
      </MenuItem>
    </Menu>
  );
}
