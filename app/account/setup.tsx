import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, Redirect, useLocation } from 'wouter';
import { setUp, setupQuery } from '../api/accounts.ts';
import { ApiError } from '../api/api-error.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { DoorCard } from './door-card.tsx';
import { trouble, emailTrouble, passwordTrouble } from './trouble.tsx';

/** First run: who owns this installation. */
export default function Setup() {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const setup = useQuery(setupQuery);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [asked, setAsked] = useState(false);
  const make = useMutation({
    mutationFn: () => setUp({ name: name.trim() || email, email, password }),
    onSuccess: () => {
      client.clear();
      navigate('/', { replace: true });
    },
  });
  if (setup.data?.needed === false && !make.isPending && !make.isSuccess) return <Redirect to="/login" replace />;
  const submit = () => {
    setAsked(true);
    if (!emailTrouble(email) && !passwordTrouble(password)) make.mutate();
  };
  return (
    <DoorCard
      title="Set up Heddle"
      says="You will own this installation. Everything stays on this machine."
      onSubmit={submit}
    >
      <TextField
        label="Your name"
        autoComplete="name"
        maxLength={100}
        autoFocus
        value={name}
        onChange={(e) => setName(e.target.value)}
      />
      <TextField
        label="E-mail"
        type="email"
        autoComplete="username"
        value={email}
        onChange={(e) => setEmail(e.target.value)}
        error={asked ? emailTrouble(email) : undefined}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={(e) => setPassword(e.target.value)}
        help="8 characters or more. It cannot be sent to you by mail, so keep it."
        error={asked ? passwordTrouble(password) : undefined}
      />
      {trouble(make.error)}
      {make.error instanceof ApiError && make.error.status === 409 && (
        <Link className="btn" href="/login" onClick={() => client.removeQueries({ queryKey: setupQuery.queryKey })}>
          Log in
        </Link>
      )}
      <Button tone="primary" size="lg" type="submit" busy={make.isPending}>
        Set up
      </Button>
    </DoorCard>
  );
}
