import { parseDuration } from '../../flow/document/duration.ts';
import type { Node, NodeSettings } from '../../flow/document/workflow.ts';
import { Field, TextField } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { useDesk } from './desk-context.tsx';
import { edit } from './editing.ts';

const onError = [
  { value: 'stop', title: 'Stop the run' },
  { value: 'port', title: 'Go on by the error port' },
  { value: 'ignore', title: 'Ignore it' },
] as const;
const inDoubt = [
  { value: 'ask', title: 'Ask a person' },
  { value: 'verify', title: 'Look it up' },
  { value: 'retry', title: 'Do it again' },
  { value: 'assume-done', title: 'Count it as done' },
  { value: 'fail', title: 'Count it as failed' },
] as const;

/** What any node can be set to, whatever its type: errors, retries, time limit, and its title, key and note. */
export function NodeSettingsForm({ node }: { node: Node }) {
  const { store } = useDesk();
  const settings = node.settings ?? {};
  const put = (next: NodeSettings) => {
    const kept = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined));
    const change = Object.keys(kept).length > 0 ? { settings: kept } : {};
    edit(store, { do: 'set-settings', key: node.key, ...change }, 'Change settings', `settings:${node.key}`);
  };
  return (
    <div className="form">
      <Names node={node} />
      <Field label="When it fails">
        {(wiring) => (
          <Select
            {...wiring}
            label="When it fails"
            value={settings.onError ?? 'stop'}
            options={onError}
            onChange={(value) => put({ ...settings, onError: value === 'stop' ? undefined : value })}
          />
        )}
      </Field>
      <TextField
        label="Retries"
        inputMode="numeric"
        placeholder="0"
        help="How often it is tried again before it counts as failed."
        value={settings.retry?.times ?? ''}
        onChange={({ target }) => {
          const times = Number(target.value);
          if (Number.isInteger(times) && times >= 0 && times <= 1000)
            put({ ...settings, retry: times === 0 ? undefined : { ...settings.retry, times } });
        }}
      />
      <DurationField
        label="Time limit"
        placeholder="30s"
        value={settings.timeout}
        put={(timeout) => put({ ...settings, timeout })}
      />
      <Field label="When it may have happened">
        {(wiring) => (
          <Select
            {...wiring}
            label="When it may have happened"
            value={settings.inDoubt ?? 'ask'}
            options={inDoubt}
            onChange={(value) => put({ ...settings, inDoubt: value === 'ask' ? undefined : value })}
          />
        )}
      </Field>
      <SwitchRow
        label="Disabled: items pass through"
        checked={settings.disabled === true}
        put={(on) => put({ ...settings, disabled: on || undefined })}
      />
      <SwitchRow
        label="Run when no items come in"
        checked={settings.runOnEmpty === true}
        put={(on) => put({ ...settings, runOnEmpty: on || undefined })}
      />
    </div>
  );
}

function Names({ node }: { node: Node }) {
  const { store } = useDesk();
  const title = (text: string) =>
    edit(
      store,
      { do: 'set-title', key: node.key, ...(text === '' ? {} : { title: text }) },
      'Rename',
      `title:${node.key}`,
    );
  const key = (text: string) => {
    if (text === node.key || !/^[a-z][a-z0-9_]*$/.test(text)) return;
    const refused = edit(store, { do: 'rename-key', key: node.key, to: text }, 'Rename the key');
    if (!refused) store.setState(({ selection }) => ({ selection: { ...selection, nodes: new Set([text]) } }));
  };
  const note = (text: string) =>
    edit(
      store,
      { do: 'set-node-note', key: node.key, ...(text === '' ? {} : { note: text }) },
      'Write a note',
      `note:${node.key}`,
    );
  return (
    <>
      <TextField
        label="Title"
        value={node.title ?? ''}
        maxLength={200}
        onChange={({ target }) => title(target.value)}
      />
      <TextField
        label="Key"
        help="The name in expressions. Every reference follows when it is changed."
        defaultValue={node.key}
        onBlur={({ target }) => key(target.value)}
        onKeyDown={(event) => event.key === 'Enter' && key(event.currentTarget.value)}
      />
      <Field label="Note">
        {(wiring) => (
          <textarea
            {...wiring}
            className="input"
            value={node.note ?? ''}
            onChange={({ target }) => note(target.value)}
          />
        )}
      </Field>
    </>
  );
}

interface DurationFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string | undefined;
  readonly put: (value: string | undefined) => void;
}

/** A duration is stored once it is one; until then it is only in the field. */
function DurationField({ label, placeholder, value, put }: DurationFieldProps) {
  return (
    <TextField
      label={label}
      placeholder={placeholder}
      defaultValue={value ?? ''}
      onBlur={({ target }) => {
        const text = target.value.trim();
        if (text === '') put(undefined);
        else if (parseDuration(text) !== undefined) put(text);
      }}
    />
  );
}

function SwitchRow({ label, checked, put }: { label: string; checked: boolean; put: (on: boolean) => void }) {
  return (
    <div className="row">
      <span className="grow">{label}</span>
      <Switch label={label} checked={checked} onChange={put} />
    </div>
  );
}
