import { roleTitle } from '../ui/role-title.ts';
import { useQuery } from '@tanstack/react-query';
import { installationQuery } from '../api/installation.ts';
import { leaveTo, originHere } from '../host/place.ts';
import { useState } from 'react';
import { createWorkspace } from '../api/accounts.ts';
import { chooseWorkspace } from '../host/session.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Hosts } from './hosts.tsx';
import { LineForm, Part, useChange } from './part.tsx';
import { Sandbox } from './sandbox.tsx';
import type { PartProps } from './part.tsx';
import './workspace-part.css';

/** The workspace itself, and others beside it. */
export function WorkspacePart({ me, isOwner }: PartProps) {
  const installation = useQuery(installationQuery);
  return (
    <div>
      <Part title="This workspace">
        <dl className="facts box">
          <dt>Name</dt>
          <dd>{me.workspace.name}</dd>
          <dt>Webhooks</dt>
          <dd className="mono">
            {installation.data?.hooks ?? originHere()}/hooks/{me.workspace.slug}/…
          </dd>
          <dt>Your role</dt>
          <dd>{roleTitle(me.role)}</dd>
        </dl>
      </Part>
      <Hosts isOwner={isOwner} />
      <Sandbox />
      {isOwner && (
        <Part title="New workspace" says="With its own workflows, runs, keys and members. You will own it.">
          <NewWorkspace />
        </Part>
      )}
    </div>
  );
}

/** What an address may be made of, from a name. */
const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40);

function NewWorkspace() {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string>();
  const slug = chosen ?? slugOf(name);
  const make = useChange(
    'me',
    'The workspace was not made',
    () => createWorkspace(name.trim(), slug),
    (made) => {
      chooseWorkspace(made.slug);
      leaveTo('/');
    },
  );
  const isSound = name.trim() !== '' && /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/.test(slug);
  return (
    <LineForm onSubmit={() => isSound && make.mutate(undefined)}>
      <TextField label="Name" value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
      <TextField
        label="Name in URLs"
        className="mono"
        value={slug}
        onChange={(event) => setChosen(event.target.value.toLowerCase())}
      />
      <Button type="submit" busy={make.isPending} disabled={!isSound}>
        Create
      </Button>
    </LineForm>
  );
}
