import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { createKey, keysQuery, revokeKey } from '../api/accounts.ts';
import type { KeyView } from '../../flow/contract/account.ts';
import type { Role } from '../../flow/contract/account.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { TextField } from '../ui/field.tsx';
import { Empty, ErrorState, SkeletonRows } from '../ui/rest-states.tsx';
import { ago, dayOf } from '../ui/when.ts';
import { Once } from './once.tsx';
import { LineForm, OwnersOnly, Part, useChange, useEnding } from './part.tsx';
import type { PartProps } from './part.tsx';
import { roleTitle } from '../ui/role-title.ts';
import { RoleSelect } from './role-select.tsx';

/** Keys by which programs call the workspace. */
export function Keys({ isOwner }: PartProps) {
  const says = 'Programs call this workspace with a key: Authorization: Bearer hk_…';
  return (
    <Part title="API keys" says={says}>
      {isOwner ? <KeyList /> : <OwnersOnly />}
    </Part>
  );
}

function KeyList() {
  const keys = useQuery(keysQuery);
  const [ending, setEnding] = useState<{ id: string; name: string }>();
  const end = useEnding(
    'keys',
    { failed: 'The key was not ended', gone: 'This key was ended already' },
    revokeKey,
    () => setEnding(undefined),
  );
  return (
    <>
      <NewKey />
      <div className="box">
        {keys.isPending && <SkeletonRows rows={3} height={32} />}
        {keys.error && (
          <ErrorState
            what={keys.data ? 'This list may be old.' : 'The keys did not load.'}
            error={keys.error}
            retry={() => void keys.refetch()}
          />
        )}
        {keys.data?.length === 0 && !keys.error && (
          <Empty title="No keys">Make one when a program should start runs or read them.</Empty>
        )}
        {keys.data && keys.data.length > 0 && <KeyTable keys={keys.data} end={setEnding} />}
      </div>
      <Confirm
        open={ending !== undefined}
        title={`End ${ending?.name ?? ''}?`}
        says="What calls with it is refused within 5 s, and it cannot be brought back."
        act="End the key"
        keep="Keep it"
        busy={end.isPending}
        onAct={() => ending && end.mutate(ending.id)}
        onClose={() => setEnding(undefined)}
      />
    </>
  );
}

interface KeyTableProps {
  readonly keys: readonly KeyView[];
  readonly end: (key: { id: string; name: string }) => void;
}

function KeyTable({ keys, end }: KeyTableProps) {
  return (
    <table className="table stacks">
      <thead>
        <tr>
          <th>Name</th>
          <th className="col-wide">Key</th>
          <th>Role</th>
          <th className="col-wide">Made</th>
          <th className="col-wide">Last used</th>
          <th>
            <span className="sr">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map(({ id, name, prefix, role, createdAt, lastUsedAt }) => (
          <tr key={id}>
            <td>
              <span className="strong">{name}</span>
              <span className="small t3 cut col-narrow">
                {prefix}… · {lastUsedAt ? `used ${ago(lastUsedAt)}` : 'never used'}
              </span>
            </td>
            <td className="mono-s t2 col-wide">{prefix}…</td>
            <td className="t2">{roleTitle(role)}</td>
            <td className="t2 col-wide">{dayOf(createdAt)}</td>
            <td className="t2 col-wide">{lastUsedAt ? ago(lastUsedAt) : <span className="t3">never</span>}</td>
            <td className="right">
              <Button tone="quiet" size="sm" aria-label={`End ${name}`} onClick={() => end({ id, name })}>
                End
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NewKey() {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('editor');
  const [made, setMade] = useState<string>();
  const [isNext, setNext] = useState(false);
  const make = useChange(
    'keys',
    'The key was not made',
    () => createKey(name.trim(), role),
    ({ key }) => {
      setMade(key);
      setName('');
    },
  );
  if (made)
    return (
      <Once
        title="The key is made."
        says="Copy it now: it is stored nowhere and cannot be shown again."
        value={made}
        done={() => {
          setMade(undefined);
          setNext(true);
        }}
      />
    );
  return (
    <LineForm onSubmit={() => name.trim() && make.mutate(undefined)}>
      <TextField
        label="What is it for"
        autoFocus={isNext}
        placeholder="Warehouse script"
        value={name}
        maxLength={100}
        onChange={(event) => setName(event.target.value)}
      />
      <RoleSelect label="Role of the key" value={role} onChange={setRole} />
      <Button tone="primary" type="submit" busy={make.isPending} disabled={!name.trim()}>
        Create key
      </Button>
    </LineForm>
  );
}
