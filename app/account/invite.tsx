import { hashHere } from '../host/place.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { acceptInvite, invitationQuery } from '../api/accounts.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { ApiError } from '../api/api-error.ts';
import { roleTitle } from '../ui/role-title.ts';
import { DoorCard } from './door-card.tsx';
import { passwordTrouble, trouble } from './trouble.tsx';

/** The server reads a link that lost some of its letters on the way as a question in a wrong shape. */
const isCut = (error: Error) => error instanceof ApiError && error.status === 400;
const cut = new Error('The link is not whole. Open it again from the message, or ask for a new one.');

/** Joining by an invitation: the token stands after the #, so that no log ever holds it. */
export default function Invite() {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const [token] = useState(hashHere);
  const invitation = useQuery(invitationQuery(token));
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [asked, setAsked] = useState(false);
  const isNew = invitation.data?.hasAccount === false;
  const join = useMutation({
    mutationFn: () => acceptInvite(isNew ? { token, name: name.trim() || 'New member', password } : { token }),
    onSuccess: () => {
      client.clear();
      navigate('/', { replace: true });
    },
  });
  const submit = () => {
    setAsked(true);
    if (!isNew || !passwordTrouble(password)) join.mutate();
  };
  if (invitation.error) return <Refused error={isCut(invitation.error) ? cut : invitation.error} />;
  if (!invitation.data) return null;
  const { email, role, workspace } = invitation.data;
  return (
    <DoorCard
      title={`Join ${workspace}`}
      says={
        <>
          As <b>{roleTitle(role)}</b>, with the address {email}.
        </>
      }
      onSubmit={submit}
    >
      {isNew && (
        <>
          <TextField
            label="Your name"
            autoComplete="name"
            maxLength={100}
            autoFocus
            value={name}
            onChange={(e) => setName(e.target.value)}
          />
          <TextField
            label="Password"
            type="password"
            autoComplete="new-password"
            value={password}
            onChange={(e) => setPassword(e.target.value)}
            help="8 characters or more."
            error={asked ? passwordTrouble(password) : undefined}
          />
        </>
      )}
      {trouble(join.error)}
      <Button tone="primary" size="lg" type="submit" busy={join.isPending}>
        Join
      </Button>
    </DoorCard>
  );
}

const Refused = ({ error }: { error: Error }) => (
  <DoorCard title="Invitation" says="It cannot be used." onSubmit={() => {}}>
    {trouble(error)}
    <Link className="btn" href="/login">
      Log in
    </Link>
  </DoorCard>
);
