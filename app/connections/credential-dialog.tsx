import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { FormEvent } from 'react';
import { credentialFields, credentialTypeNames, credentialTypes } from '../../flow/document/credential.ts';
import type { CredentialFieldLabel, CredentialTypeName } from '../../flow/document/credential.ts';
import { changeCredential, createCredential, credentialsQuery } from '../api/credentials.ts';
import type { Credential } from '../../flow/contract/credential.ts';
import { Button } from '../ui/button.tsx';
import { toFirstWrong } from '../ui/first-wrong.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextField } from '../ui/field.tsx';
import { Mark } from '../ui/mark.tsx';
import { Select } from '../ui/select.tsx';
import { judge, shortWords } from './credential-draft.ts';
import type { Sent, Typed } from './credential-draft.ts';
import { TextArea } from '../ui/text-area.tsx';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** The credential whose secret or hosts are changed; without it a new one is made. */
  readonly there?: Credential | undefined;
  /** `isReplaced`: it has another secret now. */
  readonly onDone: (credential: Credential, isReplaced: boolean) => void;
}

/** Asks for a credential: a new one, or the secret and hosts of one that is there. What was typed is gone when it closes. */
export function CredentialDialog({ open, onClose, there, onDone }: DialogProps) {
  const form = useId();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: ({ fields, hosts, ...draft }: Sent) =>
      there
        ? changeCredential(there.id, fields ? { fields, hosts } : { hosts })
        : createCredential({ ...draft, fields: fields ?? {}, hosts }),
    onSuccess: (made, { fields }) => {
      void client.invalidateQueries({ queryKey: credentialsQuery.queryKey });
      onDone(made, fields !== undefined);
    },
  });
  return (
    <Dialog
      open={open}
      onClose={() => {
        save.reset();
        onClose();
      }}
      title={there ? `Change ${there.name}` : 'New connection'}
      says={`It is stored encrypted and sent only to the hosts you allow. Nobody can read it back, not even an owner.${
        there ? ' What is left empty stays as it is; hosts that it was not sent to so far need the secret again.' : ''
      }`}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit" form={form} busy={save.isPending}>
            {there ? 'Save' : 'Connect'}
          </Button>
        </>
      }
    >
      <CredentialForm id={form} there={there} onSubmit={(draft) => save.mutate(draft)} />
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
  readonly there: Credential | undefined;
  readonly onSubmit: (draft: Sent) => void;
}

const kinds = credentialTypeNames.map((value) => ({ value, title: credentialTypes[value].title }));

function CredentialForm({ id, there, onSubmit }: FormProps) {
  const [typed, setTyped] = useState<Typed>({
    name: there?.name ?? '',
    type: there?.type ?? 'header',
    values: {},
    hosts: there?.hosts.join(', ') ?? '',
  });
  // Once it was tried, what is wrong is told as it is now: a field that was mended says nothing any more.
  const [asked, setAsked] = useState(false);
  const judged = judge(typed, there);
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
      {!there && (
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
      <Field label={label.title} help={shortWords(label, value)} error={error}>
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
      help={shortWords(label, value)}
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
