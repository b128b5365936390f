import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { setupQuery } from '../api/accounts.ts';
import { meQuery } from '../api/me.ts';
import { keepFocus } from './keep-focus.ts';
import { OfflineNote } from './offline-note.tsx';
import { PaletteHost } from './palette-host.tsx';
import { ErrorState } from '../ui/rest-states.tsx';
import { toLogin } from '../host/place.ts';
import { titleAt } from './screens.ts';
import { Side } from './side.tsx';
import './layout.css';

/** The frame of the screens that are no canvas: where one can go at the left, the screen at the right. */
export default function Layout({ children }: { children: ReactNode }) {
  const [path, navigate] = useLocation();
  const setup = useQuery(setupQuery);
  // Nothing is asked for strangers: they would only be refused, many times.
  const isKnown = setup.data?.known === true;
  const me = useQuery({ ...meQuery, enabled: isKnown });
  useEffect(() => {
    if (setup.data?.needed) navigate('/setup', { replace: true });
    else if (setup.data && !isKnown) navigate(toLogin(), { replace: true });
  }, [setup.data, isKnown, navigate]);
  useEffect(keepFocus, []);
  useEffect(() => {
    document.title = `${titleAt(path) ?? 'Nothing here'} · Heddle`;
  }, [path]);
  return (
    <div className="shell">
      <a className="skip btn" href="#main">
        Skip to the screen
      </a>
      <Side me={me.data} path={path} />
      {isKnown && children}
      {setup.error && (
        <main className="main" id="main">
          <ErrorState what="Heddle did not load." error={setup.error} retry={() => void setup.refetch()} />
        </main>
      )}
      <PaletteHost isMember={isKnown} />
      <OfflineNote />
    </div>
  );
}
