import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { FormEvent } from 'react';
import { credentialFields, credentialTypeNames, credentialTypes } from '../../flow/document/credential.ts';
import type { CredentialFieldLabel, CredentialTypeName } from '../../flow/document/credential.ts';
import { changeCredential, createCredential, credentialsQuery } from '../api/credentials.ts';
import type { CredentialDraft } from '../api/credentials.ts';
import type { Credential } from '../../flow/contract/credential.ts';
import { Button } from '../ui/button.tsx';
import { toFirstWrong } from '../ui/first-wrong.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextField } from '../ui/field.tsx';
import { Mark } from '../ui/mark.tsx';
import { Select } from '../ui/select.tsx';
import { judge } from './credential-draft.ts';
import type { Typed } from './credential-draft.ts';
import { TextArea } from '../ui/text-area.tsx';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** The credential whose secret is replaced; without it a new one is made. */
  readonly replaced?: Credential | undefined;
  readonly onDone: (credential: Credential) => void;
}

/** Asks for a credential: a new one, or the secret of one that is there. What was typed is gone when it closes. */
export function CredentialDialog({ open, onClose, replaced, onDone }: DialogProps) {
  const form = useId();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: ({ fields, hosts, ...draft }: CredentialDraft) =>
      replaced ? changeCredential(replaced.id, { fields, hosts }) : createCredential({ ...draft, fields, hosts }),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: credentialsQuery.queryKey });
      onDone(made);
    },
  });
  return (
    <Dialog
      open={open}
      onClose={() => {
        save.reset();
        onClose();
      }}
      title={replaced ? `Replace the secret of ${replaced.name}` : 'New connection'}
      says="It is stored encrypted and sent only to the hosts you allow. Nobody can read it back, not even an owner."
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit" form={form} busy={save.isPending}>
            {replaced ? 'Replace' : 'Connect'}
          </Button>
        </>
      }
    >
      <CredentialForm id={form} replaced={replaced} onSubmit={(draft) => save.mutate(draft)} />
      {save.error && (
        <div className="note-bar" data-state="failed" role="alert">
          <Mark state="failed" />
          <div>
            <b>It was not saved.</b> {save.error.message}
          </div>
        </div>
      )}
    </Dialog>
  );
}

interface FormProps {
  readonly id: string;
  readonly replaced: Credential | undefined;
  readonly onSubmit: (draft: CredentialDraft) => void;
}

const kinds = credentialTypeNames.map((value) => ({ value, title: credentialTypes[value].title }));

function CredentialForm({ id, replaced, onSubmit }: FormProps) {
  const [typed, setTyped] = useState<Typed>({
    name: replaced?.name ?? '',
    type: replaced?.type ?? 'header',
    values: {},
    hosts: replaced?.hosts.join(', ') ?? '',
  });
  // Once it was tried, what is wrong is told as it is now: a field that was mended says nothing any more.
  const [asked, setAsked] = useState(false);
  const judged = judge(typed);
  const wrong = asked && !judged.ok ? judged.wrong : {};
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    event.stopPropagation(); // the dialog may stand inside the form of a node
    setAsked(true);
    if (judged.ok) onSubmit(judged.draft);
    else toFirstWrong(event.currentTarget);
  };
  const change = (part: Partial<Typed>) => setTyped((before) => ({ ...before, ...part }));
  return (
    <form id={id} className="col gap-14" onSubmit={submit} noValidate autoComplete="off">
      {!replaced && (
        <>
          <TextField
            label="Name"
            help="Nodes choose it by this name."
            placeholder="Ledger"
            value={typed.name}
            maxLength={100}
            error={wrong['name']}
            onChange={(event) => change({ name: event.target.value })}
          />
          <Kind
            type={typed.type}
            onChange={(type) => {
              setAsked(false);
              change({ type, values: {} });
            }}
          />
        </>
      )}
      <Secrets typed={typed} wrong={wrong} change={change} />
      <TextField
        label="Allowed hosts"
        help="Hosts with commas between them, such as api.example.com. Empty: every host that the workflow may call."
        value={typed.hosts}
        error={wrong['hosts']}
        onChange={(event) => change({ hosts: event.target.value })}
      />
    </form>
  );
}

const Kind = ({ type, onChange }: { type: CredentialTypeName; onChange: (type: CredentialTypeName) => void }) => (
  <Field label="Kind" help={credentialTypes[type].says}>
    {({ id }) => <Select id={id} label="Kind" value={type} options={kinds} onChange={onChange} />}
  </Field>
);

interface SecretsProps {
  readonly typed: Typed;
  readonly wrong: Readonly<Record<string, string>>;
  readonly change: (part: Partial<Typed>) => void;
}

function Secrets({ typed, wrong, change }: SecretsProps) {
  const { type, values } = typed;
  return (
    <>
      {credentialFields(type).map(({ name, label }) => (
        <Secret
          key={`${type} ${name}`}
          label={label}
          value={values[name] ?? ''}
          error={wrong[`field ${name}`]}
          onChange={(value) => change({ values: { ...values, [name]: value } })}
        />
      ))}
      {wrong['field '] && (
        <p className="field-error" role="alert">
          {wrong['field ']}
        </p>
      )}
    </>
  );
}

interface SecretProps {
  readonly label: CredentialFieldLabel;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

function Secret({ label, value, error, onChange }: SecretProps) {
  if (label.isLong)
    return (
      <Field label={label.title} error={error}>
        {(wiring) => (
          <TextArea
            {...wiring}
            className="input mono"
            spellCheck={false}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
    );
  return (
    <TextField
      label={label.title}
      error={error}
      className="mono"
      type={label.isPlain ? 'text' : 'password'}
      autoComplete={label.isPlain ? 'off' : 'new-password'}
      placeholder={label.placeholder}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
