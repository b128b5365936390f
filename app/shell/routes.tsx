import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { NotThere } from './not-there.tsx';

const Layout = lazy(() => import('./layout.tsx'));
const Home = lazy(() => import('../home/home.tsx').then((home) => ({ default: home.Home })));
const Editor = lazy(() => import('../canvas/Editor.tsx'));
const RunScreen = lazy(() => import('../inspector/RunScreen.tsx'));
const Reviews = lazy(() => import('../reviews/Reviews.tsx'));
const Runs = lazy(() => import('../runs/runs.tsx'));
const Gallery = lazy(() => import('../gallery/gallery.tsx'));
const Connections = lazy(() => import('../connections/connections.tsx'));
const Settings = lazy(() => import('../settings/settings.tsx'));
const Login = lazy(() => import('../account/login.tsx'));
const Setup = lazy(() => import('../account/setup.tsx'));
const Invite = lazy(() => import('../account/invite.tsx'));

/** Which screen stands at which address. Each is loaded when it is first gone to. */
export function Routes() {
  return (
    <Suspense fallback={null}>
      <Switch>
        <Route path="/login" component={Login} />
        <Route path="/setup" component={Setup} />
        <Route path="/invite" component={Invite} />
        <Route path="/workflows/:id">{({ id }) => <Editor key={id} workflowId={id} />}</Route>
        <Route path="/runs/:id">{({ id }) => <RunScreen key={id} runId={id} />}</Route>
        <Route>
          <Layout>
            <Suspense fallback={null}>
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
