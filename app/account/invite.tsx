import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { Link, useLocation } from 'wouter';
import * as z from 'zod';
import type { invitation } from '../../flow/contract/account.ts';
import { acceptInvite, invitationQuery, logOut, setupQuery } from '../api/accounts.ts';
import { ApiError } from '../api/api-error.ts';
import { keepInTab, keptInTab } from '../host/keep.ts';
import { hashHere, onHash } from '../host/place.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { roleTitle } from '../ui/role-title.ts';
import { DoorCard } from './door-card.tsx';
import { passwordTrouble, trouble } from './trouble.tsx';

/** The server reads a link that lost some of its letters on the way as a question in a wrong shape. */
const isCut = (error: Error) => error instanceof ApiError && error.status === 400;
const cut = new Error('The link is not whole. Open it again from the message, or ask for a new one.');
const isGone = (error: Error | null) => error instanceof ApiError && error.code === 'invite-gone';
const isOther = (error: Error | null) => error instanceof ApiError && error.code === 'other-person';

/** The tab keeps the invitation of whoever goes to log in first, since no address that is sent anywhere may hold it. */
const keptAs = 'heddle.invitation';

/** Joining by an invitation: the token stands after the #, so that no log ever holds it. Another link in the same tab is another invitation. */
export default function Invite() {
  const inAddress = useSyncExternalStore(onHash, hashHere);
  const [before] = useState(() => keptInTab(keptAs, z.string()));
  const token = inAddress || (before ?? '');
  return <Invited key={token} token={token} />;
}

function Invited({ token }: { token: string }) {
  const found = useQuery(invitationQuery(token));
  // Whether one is in is asked anew: a session may have ended since.
  const setup = useQuery({ ...setupQuery, staleTime: 0 });
  const [gone, setGone] = useState<Error>();
  const isKnown = setup.data?.known === true;
  const error = gone ?? found.error;
  if (error)
    return (
      <Refused
        error={isCut(error) ? cut : error}
        isKnown={isKnown}
        isAsking={found.isFetching}
        again={() => void found.refetch()}
      />
    );
  if (!found.data || !setup.data) return null;
  const { hasAccount } = found.data;
  if (hasAccount && !isKnown) return <LogInFirst token={token} to={found.data} />;
  // An address without an account is not that of whoever is logged in here.
  if (!hasAccount && isKnown) return <OtherPerson to={found.data} />;
  return <Join token={token} to={found.data} lose={setGone} />;
}

type Invitation = z.output<typeof invitation>;

const titleOf = ({ workspace }: Invitation) => `Join ${workspace}`;

const Says = ({ to: { role, email } }: { to: Invitation }) => (
  <>
    As <b>{roleTitle(role)}</b>, with the address {email}.
  </>
);

function Join({ token, to, lose }: { token: string; to: Invitation; lose: (why: Error) => void }) {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [asked, setAsked] = useState(false);
  const isNew = !to.hasAccount;
  const join = useMutation({
    mutationFn: () => acceptInvite(isNew ? { token, name: name.trim() || 'New member', password } : { token }),
    onSuccess: () => {
      keepInTab(keptAs, undefined);
      client.clear();
      navigate('/', { replace: true });
    },
    onError: (error) => isGone(error) && lose(error),
  });
  const submit = () => {
    setAsked(true);
    if (!isNew || !passwordTrouble(password)) join.mutate();
  };
  if (isOther(join.error)) return <OtherPerson to={to} />;
  return (
    <DoorCard title={titleOf(to)} says={<Says to={to} />} onSubmit={submit}>
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

/** The invited address has an account, and nobody is logged in: there is one way on, and it leads back here. */
function LogInFirst({ token, to }: { token: string; to: Invitation }) {
  const [, navigate] = useLocation();
  const go = () => {
    keepInTab(keptAs, JSON.stringify(token));
    navigate('/login?to=/invite');
  };
  return (
    <DoorCard title={titleOf(to)} says={<Says to={to} />} onSubmit={go}>
      <p className="t2">This address has an account. Log in to join.</p>
      <Button tone="primary" size="lg" type="submit" autoFocus>
        Log in
      </Button>
    </DoorCard>
  );
}

/** Somebody is logged in here who was not invited. */
function OtherPerson({ to }: { to: Invitation }) {
  const client = useQueryClient();
  const leave = useMutation({ mutationFn: logOut, onSuccess: () => client.resetQueries(setupQuery) });
  return (
    <DoorCard title={titleOf(to)} says={<Says to={to} />} onSubmit={() => leave.mutate()}>
      <p className="t2">This invitation is for another person than the one who is logged in here.</p>
      {trouble(leave.error)}
      <Button tone="primary" size="lg" type="submit" busy={leave.isPending}>
        Log out
      </Button>
      <Link className="btn lg" href="/">
        Back to Heddle
      </Link>
    </DoorCard>
  );
}

interface RefusedProps {
  readonly error: Error;
  readonly isKnown: boolean;
  readonly isAsking: boolean;
  readonly again: () => void;
}

function Refused({ error, isKnown, isAsking, again }: RefusedProps) {
  // Only a refusal says something about the invitation; a server that did not answer, or broke, may answer yet.
  const mayHold = error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
  return (
    <DoorCard
      title="Invitation"
      says={mayHold ? 'Nothing is known about it yet.' : 'It cannot be used.'}
      onSubmit={() => mayHold && again()}
    >
      {trouble(error)}
      {mayHold && (
        <Button tone="primary" size="lg" type="submit" busy={isAsking}>
          Try again
        </Button>
      )}
      <Link className="btn lg" href={isKnown ? '/' : '/login'}>
        {isKnown ? 'Back to Heddle' : 'Log in'}
      </Link>
    </DoorCard>
  );
}
