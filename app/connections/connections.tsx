import { useQuery } from '@tanstack/react-query';
import { Lock, Plus } from 'lucide-react';
import { useState } from 'react';
import { credentialTypes } from '../../flow/document/credential.ts';
import { useMay } from '../api/role.ts';
import { credentialsQuery } from '../api/credentials.ts';
import type { Credential } from '../../flow/contract/credential.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { Empty, ErrorState, SkeletonRows } from '../ui/rest-states.tsx';
import { toast } from '../ui/toast.ts';
import { ago, wholeMoment } from '../ui/when.ts';
import { CredentialDialog } from './credential-dialog.tsx';
import { RemoveCredential } from './remove-credential.tsx';
import './connections.css';

/** What is being done: connecting, or replacing or removing one. */
type Doing = { readonly is: 'connect' } | { readonly is: 'change' | 'remove'; readonly one: Credential };

/** The credentials of the workspace: what they are called and may be lent to, never what they hold. */
export default function Connections() {
  const credentials = useQuery(credentialsQuery);
  const [doing, setDoing] = useState<Doing>();
  const mayChange = useMay('editor');
  const connect = mayChange && (
    <Button tone="primary" onClick={() => setDoing({ is: 'connect' })}>
      <Plus className="i i-14" aria-hidden />
      Connect
    </Button>
  );
  const { data: list } = credentials;
  return (
    <main className="main" id="main">
      <div className="main-head">
        <h1>Connections</h1>
        {list && list.length > 0 && <span className="t3">{list.length}, encrypted with your key</span>}
        <span className="grow" />
        {list && list.length > 0 && connect}
      </div>
      <div className="main-scroll" tabIndex={-1}>
        {credentials.isPending && <SkeletonRows rows={6} />}
        {credentials.error && (
          <ErrorState
            what={list ? 'This list may be old.' : 'The list did not load.'}
            error={credentials.error}
            retry={() => void credentials.refetch()}
          />
        )}
        {list?.length === 0 && !credentials.error && (
          <Empty title="No connections yet" action={connect}>
            {mayChange
              ? 'Keep keys and passwords here. Nodes use them in requests, and nobody can read them back.'
              : 'Editors keep keys and passwords here. Nodes use them in requests, and nobody can read them back.'}
          </Empty>
        )}
        {list && list.length > 0 && <CredentialTable list={list} mayChange={mayChange} begin={setDoing} />}
      </div>
      <Dialogs doing={doing} end={() => setDoing(undefined)} />
    </main>
  );
}

function Dialogs({ doing, end }: { doing: Doing | undefined; end: () => void }) {
  const done = (title: string) => {
    toast({ title });
    end();
  };
  if (doing?.is === 'remove')
    return <RemoveCredential one={doing.one} onClose={end} onDone={() => done(`${doing.one.name} is gone`)} />;
  if (!doing) return null;
  return (
    <CredentialDialog
      open
      there={doing.is === 'change' ? doing.one : undefined}
      onClose={end}
      onDone={({ name }, isReplaced) => done(doneWords(doing.is === 'change', name, isReplaced))}
    />
  );
}

function doneWords(wasThere: boolean, name: string, isReplaced: boolean): string {
  if (!wasThere) return `${name} is connected`;
  return isReplaced ? `The secret of ${name} is replaced` : `${name} is changed`;
}

interface TableProps {
  readonly list: readonly Credential[];
  readonly mayChange: boolean;
  readonly begin: (doing: Doing) => void;
}

function CredentialTable({ list, mayChange, begin }: TableProps) {
  return (
    <>
      <table className="table stacks">
        <thead>
          <tr>
            <th>Name</th>
            <th>Kind</th>
            <th>Allowed hosts</th>
            <th className="col-wide">State</th>
            <th className="col-wide">Changed</th>
            <th>
              <span className="sr">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.map((one) => (
            <tr key={one.id}>
              <td className="strong connection-name" title={one.name}>
                {one.name}
              </td>
              <td className="t2">{credentialTypes[one.type].title}</td>
              <td className="mono-s t2">
                {one.hosts.length > 0 ? one.hosts.join(', ') : <span className="t3">any host</span>}
              </td>
              <td className={one.locked ? '' : 'col-wide'}>
                {one.locked ? <LockedState /> : <span className="t2">Encrypted</span>}
              </td>
              <td className="t2 col-wide" title={wholeMoment(one.updatedAt)}>
                {ago(one.updatedAt)}
              </td>
              <td className="right">{mayChange && <Acts one={one} begin={begin} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="row small t3 sealed-by">
        <Lock className="i i-14" aria-hidden />
        Encrypted with the master key of this server. Back that key up: without it the secrets must be entered again.
      </p>
    </>
  );
}

const LockedState = () => (
  <span className="row small" title="The master key that encrypted it is not on this server.">
    <Mark state="failed" />
    Key is missing
  </span>
);

function Acts({ one, begin }: { one: Credential; begin: (doing: Doing) => void }) {
  return (
    <>
      <Button tone="quiet" size="sm" aria-label={`Change ${one.name}`} onClick={() => begin({ is: 'change', one })}>
        Change
      </Button>
      <Button tone="quiet" size="sm" aria-label={`Remove ${one.name}`} onClick={() => begin({ is: 'remove', one })}>
        Remove
      </Button>
    </>
  );
}
