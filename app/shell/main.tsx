import '../ui/app.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { navigate } from 'wouter/use-browser-location';
import { openClient } from '../api/client.ts';
import { onForbidden } from '../api/forbidden.ts';
import { meQuery } from '../api/me.ts';
import { TipProvider } from '../ui/tip.tsx';
import { Toaster } from '../ui/toaster.tsx';
import { Fence } from './fence.tsx';
import { listenToClipboard, listenToKeys } from './keyboard.ts';
import { Routes } from './routes.tsx';
import { followTheme } from '../ui/theme.ts';
import { onBack } from '../host/reach.ts';
import { lendWorkspace } from '../host/session.ts';
import { pathHere, toLogin } from '../host/place.ts';

const client = openClient(() => {
  if (/^\/(login|setup|invite)$/.test(pathHere())) return;
  client.clear();
  navigate(toLogin(), { replace: true });
});
// What may be done is read again: somebody changed the role while the page was open.
onForbidden(() => void client.invalidateQueries({ queryKey: meQuery.queryKey }));
// What stands on the screen is from before it was away.
onBack(() => void client.invalidateQueries());
lendWorkspace();
followTheme();
listenToKeys();
listenToClipboard();

const place = document.getElementById('app');
if (!place) throw new Error('index.html has no #app.');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <TipProvider delayDuration={400}>
        <Fence>
          <Routes />
        </Fence>
        <Toaster />
      </TipProvider>
    </QueryClientProvider>
  </StrictMode>,
);
