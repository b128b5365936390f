import { useRole } from '../api/role.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { meQuery } from '../api/me.ts';
import { mayAct } from '../../flow/contract/account.ts';
import { ErrorState, SkeletonRows } from '../ui/rest-states.tsx';
import { Keys } from './keys.tsx';
import { Members } from './members.tsx';
import { WorkspacePart } from './workspace-part.tsx';
import { You } from './you.tsx';
import './settings.css';

const parts = [
  { path: 'members', title: 'Members', Part: Members },
  { path: 'keys', title: 'API keys', Part: Keys, isOwners: true },
  { path: 'workspace', title: 'Workspace', Part: WorkspacePart },
  { path: 'you', title: 'You', Part: You },
] as const;

/** Who belongs here, what may call from outside, how it looks. */
export default function Settings() {
  const { part } = useParams<{ part?: string }>();
  const me = useQuery(meQuery);
  const role = useRole();
  const isOwner = role === undefined || mayAct(role, 'owner');
  // Who comes by the address all the same is told whose they are.
  const offered = parts.filter((one) => isOwner || !('isOwners' in one));
  const shown = parts.find(({ path }) => path === part) ?? parts[0];
  return (
    <main className="main" id="main">
      <div className="main-head">
        <h1>Settings</h1>
        <span className="t3">{me.data?.workspace.name}</span>
      </div>
      <div className="main-scroll" tabIndex={-1}>
        <div className="settings">
          <nav aria-label="Settings">
            {offered.map(({ path, title }) => (
              <Link key={path} href={`/settings/${path}`} aria-current={path === shown.path ? 'page' : undefined}>
                {title}
              </Link>
            ))}
          </nav>
          {me.data ? (
            <shown.Part me={me.data} isOwner={isOwner} />
          ) : me.error ? (
            <ErrorState what="Settings did not load." error={me.error} retry={() => void me.refetch()} />
          ) : (
            <SkeletonRows rows={4} />
          )}
        </div>
      </div>
    </main>
  );
}
