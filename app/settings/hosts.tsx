import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { changeSettings, settingsQuery } from '../api/settings.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Empty, ErrorState, SkeletonRows } from '../ui/rest-states.tsx';
import { toast } from '../ui/toast.ts';
import { pairOf } from './host-pair.ts';
import { LineForm, Part, useChange } from './part.tsx';

const says = `Nodes may call every public address, but no private one: not this machine, not its network. Addresses that you add here
  may be called as well, by every workflow of the workspace. Services that need no password there are open to everybody who may edit a workflow.`;

/** Private addresses that nodes of the workspace may call. */
export function Hosts({ isOwner }: { isOwner: boolean }) {
  const settings = useQuery(settingsQuery);
  const change = useChange('settings', 'The addresses were not changed', (allowHosts: readonly string[]) =>
    changeSettings({ allowHosts: [...allowHosts] }),
  );
  const hosts = settings.data?.allowHosts;
  const list = useRef<HTMLDivElement>(null);
  const remove = (host: string) =>
    change.mutate(hosts?.filter((other) => other !== host) ?? [], {
      onSuccess: () => {
        // What had the focus is gone.
        list.current?.focus();
        toast({ title: `${host} may not be called any more`, undo: () => change.mutate(hosts ?? []) });
      },
    });
  return (
    <Part title="Private addresses that may be called" says={says}>
      {isOwner && hosts && <NewHost hosts={hosts} busy={change.isPending} add={change.mutateAsync} />}
      <div className="box" ref={list} tabIndex={-1} role="group" aria-label="Private addresses">
        {settings.isPending && <SkeletonRows rows={2} height={32} />}
        {settings.error && (
          <ErrorState what="The addresses did not load." error={settings.error} retry={() => void settings.refetch()} />
        )}
        {hosts?.length === 0 && !settings.error && (
          <Empty title="None">Only public addresses can be called from this workspace.</Empty>
        )}
        {hosts && hosts.length > 0 && <HostTable hosts={hosts} remove={isOwner ? remove : undefined} />}
      </div>
      <p className="small t3">
        {isOwner ? '' : 'Only owners change this. '}What the operator lists in HEDDLE_ALLOW_HOSTS holds for every
        workspace besides.
      </p>
    </Part>
  );
}

interface HostTableProps {
  readonly hosts: readonly string[];
  readonly remove: ((host: string) => void) | undefined;
}

const HostTable = ({ hosts, remove }: HostTableProps) => (
  <table className="table">
    <thead>
      <tr>
        <th>Host and port</th>
        <th>
          <span className="sr">Actions</span>
        </th>
      </tr>
    </thead>
    <tbody>
      {hosts.map((host) => (
        <tr key={host}>
          <td className="mono-s">{host}</td>
          <td className="right">
            {remove && (
              <Button tone="quiet" size="sm" aria-label={`Remove ${host}`} onClick={() => remove(host)}>
                Remove
              </Button>
            )}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

interface NewHostProps {
  readonly hosts: readonly string[];
  readonly busy: boolean;
  readonly add: (hosts: readonly string[]) => Promise<unknown>;
}

function NewHost({ hosts, busy, add }: NewHostProps) {
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState(false);
  const pair = pairOf(typed);
  const isThere = pair !== undefined && hosts.includes(pair);
  const trouble = isThere
    ? `${pair} is in the list.`
    : pair
      ? undefined
      : 'A host with its port, such as 10.0.0.5:8080.';
  const submit = async () => {
    setAsked(true);
    if (!pair || isThere) return;
    // Trouble is told by the change itself.
    const isDone = await add([...hosts, pair]).then(
      () => true,
      () => false,
    );
    if (!isDone) return;
    setTyped('');
    setAsked(false);
  };
  return (
    <LineForm onSubmit={() => void submit()}>
      <TextField
        label="Host and port"
        className="mono"
        placeholder="10.0.0.5:8080"
        value={typed}
        maxLength={300}
        error={asked ? trouble : undefined}
        onChange={(event) => {
          setTyped(event.target.value);
          setAsked(false);
        }}
      />
      <Button tone="primary" type="submit" busy={busy} disabled={!typed.trim()}>
        Add
      </Button>
    </LineForm>
  );
}
