import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { meQuery, setupQuery } from '../api/accounts.ts';
import { PaletteHost } from './palette-host.tsx';
import { Side } from './side.tsx';

const titles: Record<string, string> = {
  '': 'Home',
  runs: 'Runs',
  gallery: 'Gallery',
  reviews: 'Reviews',
  settings: 'Settings',
};

/** The frame of the screens that are no canvas: where one can go at the left, the screen at the right. */
export function Layout({ children }: { children: ReactNode }) {
  const [path, navigate] = useLocation();
  const setup = useQuery(setupQuery);
  const me = useQuery({ ...meQuery, enabled: setup.data?.needed === false });
  const isFresh = setup.data?.needed === true;
  useEffect(() => {
    if (isFresh) navigate('/setup', { replace: true });
  }, [isFresh, navigate]);
  useEffect(() => {
    document.title = `${titles[path.split('/')[1] ?? ''] ?? 'Heddle'} · Heddle`;
  }, [path]);
  return (
    <div className="shell">
      <a className="skip btn" href="#main">
        Skip to the screen
      </a>
      <Side me={me.data} path={path} />
      {children}
      <PaletteHost />
    </div>
  );
}
