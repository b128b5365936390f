import { lazy, Suspense, useState } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { factsPath } from '../api/facts-path.ts';
import { sendAhead } from '../host/send.ts';
import { whenThere } from '../ui/when-there.ts';
import { Coming } from './coming.tsx';
import { PaletteHost } from './palette-host.tsx';
import { NotThere } from './not-there.tsx';

const Layout = lazy(whenThere(() => import('./layout.tsx')));
const Home = lazy(whenThere(() => import('../home/home.tsx').then((home) => ({ default: home.Home }))));
const Editor = lazy(whenThere(() => import('../canvas/Editor.tsx')));
const RunScreen = lazy(whenThere(() => import('../inspector/RunScreen.tsx')));
const Reviews = lazy(whenThere(() => import('../reviews/Reviews.tsx')));
const Runs = lazy(whenThere(() => import('../runs/runs.tsx')));
const Gallery = lazy(whenThere(() => import('../gallery/gallery.tsx')));
const Connections = lazy(whenThere(() => import('../connections/connections.tsx')));
const Settings = lazy(whenThere(() => import('../settings/settings.tsx')));
const Login = lazy(whenThere(() => import('../account/login.tsx')));
const Setup = lazy(whenThere(() => import('../account/setup.tsx')));
const Invite = lazy(whenThere(() => import('../account/invite.tsx')));

/** Which screen stands at which address. Each is loaded when it is first gone to. */
export function Routes() {
  return (
    <Suspense fallback={<Coming />}>
      <Switch>
        <Route path="/login" component={Login} />
        <Route path="/setup" component={Setup} />
        <Route path="/invite" component={Invite} />
        <Route path="/workflows/:id">
          {({ id }) => (
            <>
              <PaletteHost />
              <Editor key={id} workflowId={id} />
            </>
          )}
        </Route>
        <Route path="/runs/:id">
          {({ id }) => (
            <>
              <PaletteHost />
              <Ahead path={factsPath(id, 0)} />
              <RunScreen key={id} runId={id} />
            </>
          )}
        </Route>
        <Route>
          <Layout>
            <Suspense fallback={<Coming />}>
              <Switch>
                <Route path="/" component={Home} />
                <Route path="/workflows">
                  <Redirect to="/" replace />
                </Route>
                <Route path="/runs" component={Runs} />
                <Route path="/gallery" component={Gallery} />
                <Route path="/gallery/:name" component={Gallery} />
                <Route path="/reviews">
                  <Reviews />
                </Route>
                <Route path="/connections" component={Connections} />
                <Route path="/settings" component={Settings} />
                <Route path="/settings/:part" component={Settings} />
                <Route component={NotThere} />
              </Switch>
            </Suspense>
          </Layout>
        </Route>
      </Switch>
    </Suspense>
  );
}

/** What a screen will ask for first, asked for while its code is on the way. */
function Ahead({ path }: { path: string }) {
  useState(() => sendAhead(path));
  return null;
}
