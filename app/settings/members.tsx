import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { changeRole, invite, invitesQuery, membersQuery, removeMember, revokeInvite } from '../api/accounts.ts';
import type { MemberView } from '../../flow/contract/account.ts';
import type { Role } from '../../flow/contract/account.ts';
import { emailTrouble } from '../account/trouble.tsx';
import { initials } from '../ui/initials.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorState, SkeletonRows } from '../ui/rest-states.tsx';
import { dayOf, soon } from '../ui/when.ts';
import { Once } from './once.tsx';
import { LineForm, Part, useChange, useEnding } from './part.tsx';
import type { PartProps } from './part.tsx';
import { roleTitle } from '../ui/role-title.ts';
import { RoleSelect } from './role-select.tsx';
import './members.css';

/** Who belongs to the workspace, and who is asked to. */
export function Members(props: PartProps) {
  return (
    <div>
      <Part title="Members" says="Everybody who can open this workspace.">
        {props.isOwner && <NewInvite />}
        <MemberList {...props} />
      </Part>
      {props.isOwner && <Invites />}
    </div>
  );
}

function MemberList({ me, isOwner }: PartProps) {
  const members = useQuery(membersQuery);
  const [leaving, setLeaving] = useState<{ id: string; name: string }>();
  const change = useChange('members', 'The role was not changed', (to: { id: string; role: Role }) =>
    changeRole(to.id, to.role),
  );
  const remove = useEnding(
    'members',
    { failed: 'Nobody was removed', gone: 'This person is no member any more' },
    removeMember,
    () => setLeaving(undefined),
  );
  if (!members.data)
    return members.error ? (
      <ErrorState what="The members did not load." error={members.error} retry={() => void members.refetch()} />
    ) : (
      <SkeletonRows rows={2} />
    );
  return (
    <>
      <div className="box">
        <table className="table stacks">
          <thead>
            <tr>
              <th>Name</th>
              <th className="col-wide">E-mail</th>
              <th className="col-wide">Since</th>
              <th>Role</th>
              <th>
                <span className="sr">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {members.data.map((member) => (
              <MemberRow
                key={member.id}
                member={member}
                isMe={member.id === me.id}
                change={isOwner ? (role) => change.mutate({ id: member.id, role }) : undefined}
                remove={isOwner && members.data.length > 1 ? () => setLeaving(member) : undefined}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Confirm
        open={leaving !== undefined}
        title={`Remove ${leaving?.name ?? ''}?`}
        says="They cannot open this workspace any more. What they drew stays. An invitation brings them back."
        act="Remove"
        keep="Keep them"
        busy={remove.isPending}
        onAct={() => leaving && remove.mutate(leaving.id)}
        onClose={() => setLeaving(undefined)}
      />
    </>
  );
}

interface MemberRowProps {
  readonly member: MemberView;
  readonly isMe: boolean;
  /** Without it, whoever looks may not. */
  readonly change: ((role: Role) => void) | undefined;
  readonly remove: (() => void) | undefined;
}

function MemberRow({ member: { name, email, role, since }, isMe, change, remove }: MemberRowProps) {
  return (
    <tr>
      <td className="cell-2">
        <span className="row">
          <span className="avatar" aria-hidden>
            {initials(name)}
          </span>
          <span className="col member-name">
            <span className="strong cut">{name}</span>
            <span className="small t2 cut col-narrow">{email}</span>
          </span>
          {isMe && <span className="chip">you</span>}
        </span>
      </td>
      <td className="t2 col-wide">{email}</td>
      <td className="t2 col-wide">{dayOf(since)}</td>
      <td>{change ? <RoleSelect label={`Role of ${name}`} value={role} onChange={change} /> : roleTitle(role)}</td>
      <td className="right">
        {remove && (
          <Button tone="quiet" size="sm" aria-label={`Remove ${name}`} onClick={remove}>
            Remove
          </Button>
        )}
      </td>
    </tr>
  );
}

function NewInvite() {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('editor');
  const [asked, setAsked] = useState(false);
  const [made, setMade] = useState<{ url: string; expiresAt: string }>();
  const [isNext, setNext] = useState(false);
  const send = useChange(
    'invites',
    'Nobody was invited',
    () => invite(email.trim(), role),
    (done) => {
      setMade(done);
      setEmail('');
      setAsked(false);
    },
  );
  if (made)
    return (
      <Once
        title="The invitation is made."
        says={`Send this link to them yourself. It works once, until ${soon(made.expiresAt)}.`}
        value={made.url}
        done={() => {
          setMade(undefined);
          setNext(true);
        }}
      />
    );
  const submit = () => {
    setAsked(true);
    if (!emailTrouble(email)) send.mutate(undefined);
  };
  return (
    <LineForm onSubmit={submit}>
      <TextField
        label="Invite by e-mail"
        autoFocus={isNext}
        type="email"
        placeholder="tom@example.com"
        value={email}
        error={asked ? emailTrouble(email) : undefined}
        onChange={(event) => setEmail(event.target.value)}
      />
      <RoleSelect label="Role of the invited" value={role} onChange={setRole} />
      <Button tone="primary" type="submit" busy={send.isPending}>
        Invite
      </Button>
    </LineForm>
  );
}

function Invites() {
  const invites = useQuery(invitesQuery);
  const back = useEnding(
    'invites',
    { failed: 'The invitation still holds', gone: 'This invitation was used or had expired' },
    revokeInvite,
  );
  if (!invites.data || invites.data.length === 0) return null;
  return (
    <Part title="Invited">
      <div className="box">
        <table className="table stacks">
          <thead>
            <tr>
              <th>E-mail</th>
              <th>Role</th>
              <th>Holds until</th>
              <th>
                <span className="sr">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {invites.data.map(({ id, email, role, expiresAt }) => (
              <tr key={id}>
                <td className="strong">{email}</td>
                <td className="t2">{roleTitle(role)}</td>
                <td className="t2">{soon(expiresAt)}</td>
                <td className="right">
                  <Button tone="quiet" size="sm" aria-label={`Take back ${email}`} onClick={() => back.mutate(id)}>
                    Take back
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Part>
  );
}
