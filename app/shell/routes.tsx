import { Suspense, useState } from 'react';
import type { ComponentType } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { factsPath } from '../api/facts-path.ts';
import { sendAhead } from '../host/send.ts';
import { part } from '../ui/part.tsx';
import { Coming } from './coming.tsx';
import { OfflineNote } from './offline-note.tsx';
import { PaletteHost } from './palette-host.tsx';
import { NotThere } from './not-there.tsx';
import { allScreens } from './screens.ts';
import type { ScreenName } from './screens.ts';

const Layout = part(() => import('./layout.tsx'));
const Home = part(() => import('../home/home.tsx'));
const Editor = part(() => import('../canvas/Editor.tsx'));
const RunScreen = part(() => import('../inspector/RunScreen.tsx'));
const Reviews = part(() => import('../reviews/Reviews.tsx'));
const Runs = part(() => import('../runs/runs.tsx'));
const Gallery = part(() => import('../gallery/gallery.tsx'));
const Connections = part(() => import('../connections/connections.tsx'));
const Settings = part(() => import('../settings/settings.tsx'));
const Login = part(() => import('../account/login.tsx'));
const Setup = part(() => import('../account/setup.tsx'));
const Invite = part(() => import('../account/invite.tsx'));

/** The screens inside the frame. */
const components: Readonly<Record<ScreenName, ComponentType>> = {
  home: Home,
  runs: Runs,
  gallery: Gallery,
  connections: Connections,
  reviews: Reviews,
  settings: Settings,
};

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
              <OfflineNote />
            </>
          )}
        </Route>
        <Route>
          <Layout>
            <Suspense fallback={<Coming />}>
              <Switch>
                <Route path="/workflows">
                  <Redirect to="/" replace />
                </Route>
                <Route path="/approvals">
                  <Redirect to="/reviews" replace />
                </Route>
                {allScreens.map(({ name, path, within = '' }) => (
                  <Route key={name} path={path + within} component={components[name]} />
                ))}
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
