import type { Node, NodeSettings } from '../../flow/document/workflow.ts';
import { Field, TextField } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { besideOf, useKept } from '../forms/kept.ts';
import { settingAt } from './kept-issues.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import { edit } from './editing.ts';
import { inDoubt, onError, settingTitles, waitTitle } from './setting-choices.ts';
import { durationTrouble } from './duration-trouble.ts';
import { KeyField } from './key-field.tsx';
import { TextArea } from '../ui/text-area.tsx';
import '../forms/param-form.css';

/** What any node can be set to, whatever its type: errors, retries, timeout, and its title, key and note. */
export function NodeSettingsForm({ node }: { node: Node }) {
  const { store } = useDesk();
  const card = useEditor((state) => state.catalogue(node.type, node.version));
  const settings = node.settings ?? {};
  // Few nodes can ask; one that was set to before still says so.
  const choices = inDoubt.filter(
    ({ value }) => value !== 'verify' || card?.reconciles === true || settings.inDoubt === 'verify',
  );
  const put = (next: NodeSettings) => {
    const kept = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined));
    const change = Object.keys(kept).length > 0 ? { settings: kept } : {};
    edit(store, { do: 'set-settings', key: node.key, ...change }, 'Change settings', `settings:${node.key}`);
  };
  return (
    <div className="form">
      <Names node={node} />
      <Field label={settingTitles.onError}>
        {(wiring) => (
          <Select
            {...wiring}
            label={settingTitles.onError}
            value={settings.onError ?? 'stop'}
            options={onError}
            onChange={(value) => put({ ...settings, onError: value === 'stop' ? undefined : value })}
          />
        )}
      </Field>
      <RetriesField
        value={settings.retry?.times}
        put={(times) => put({ ...settings, retry: times ? { ...settings.retry, times } : undefined })}
      />
      {settings.retry !== undefined && settings.retry.times > 0 && (
        <DurationField
          label={waitTitle}
          name="retry.wait"
          placeholder="1s"
          value={settings.retry.wait}
          put={(wait) => settings.retry && put({ ...settings, retry: withWait(settings.retry, wait) })}
        />
      )}
      <DurationField
        label={settingTitles.timeout}
        name="timeout"
        placeholder="30s"
        value={settings.timeout}
        least={1}
        put={(timeout) => put({ ...settings, timeout })}
      />
      <Field label={settingTitles.inDoubt}>
        {(wiring) => (
          <Select
            {...wiring}
            label={settingTitles.inDoubt}
            value={settings.inDoubt ?? 'ask'}
            options={choices}
            onChange={(value) => put({ ...settings, inDoubt: value === 'ask' ? undefined : value })}
          />
        )}
      </Field>
      <SwitchRow
        label="Disable: pass items through"
        checked={settings.disabled === true}
        put={(on) => put({ ...settings, disabled: on || undefined })}
      />
      <SwitchRow
        label={settingTitles.runOnEmpty}
        checked={settings.runOnEmpty === true}
        put={(on) => put({ ...settings, runOnEmpty: on || undefined })}
      />
    </div>
  );
}

const withWait = ({ wait: _before, ...retry }: NonNullable<NodeSettings['retry']>, wait: string | undefined) =>
  wait === undefined ? retry : { ...retry, wait };

function Names({ node }: { node: Node }) {
  const { store } = useDesk();
  const card = useEditor((state) => state.catalogue(node.type, node.version));
  const title = (text: string) =>
    edit(
      store,
      { do: 'set-title', key: node.key, ...(text === '' ? {} : { title: text }) },
      'Rename',
      `title:${node.key}`,
    );
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
        placeholder={card?.title}
        value={node.title ?? ''}
        maxLength={200}
        onChange={({ target }) => title(target.value)}
      />
      <KeyField node={node} />
      <Field label="Note">
        {(wiring) => (
          <TextArea
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
  readonly name: string;
  readonly placeholder: string;
  readonly value: string | undefined;
  /** Milliseconds that it has at least. */
  readonly least?: number;
  readonly put: (value: string | undefined) => void;
}

const mostRetries = 1000;

/** How often to try again. What is no such number stays in the field, which says what to enter. */
function RetriesField({ value, put }: { value: number | undefined; put: (times: number) => void }) {
  const [typed, keep] = useKept<string>(settingAt('retry.times'), 'number', value);
  const text = typed ?? (value === undefined ? '' : String(value));
  const broken = noCount(text);
  return (
    <TextField
      label={settingTitles.retry}
      inputMode="numeric"
      placeholder="0"
      help="How often to try again before it fails."
      error={broken && `${broken.message} ${broken.mend}`}
      value={text}
      onChange={({ target }) => {
        const problem = noCount(target.value);
        const times = Number(target.value);
        if (!problem) put(times);
        keep(target.value, {
          beside: besideOf(problem ? value : times || undefined),
          problems: problem ? [{ ...problem, message: `${settingTitles.retry}: ${problem.message}` }] : [],
        });
      }}
      onBlur={() => broken || keep(undefined)}
    />
  );
}

function noCount(text: string) {
  const times = Number(text);
  if (Number.isInteger(times) && times >= 0 && times <= mostRetries) return undefined;
  return {
    code: 'not-a-number',
    message: `“${text}” is not a number of retries.`,
    mend: `Enter a whole number up to ${mostRetries}.`,
  };
}

/** A duration is stored once it is one; until then it is only in the field, which says what to enter. */
function DurationField({ label, name, placeholder, value, least = 0, put }: DurationFieldProps) {
  const [typed, keep] = useKept<string>(settingAt(name), 'duration', value);
  const text = typed ?? value ?? '';
  const broken = durationTrouble(text, least);
  return (
    <TextField
      label={label}
      placeholder={placeholder}
      value={text}
      error={broken && `${broken.message} ${broken.mend}`}
      onChange={({ target }) => {
        const next = target.value.trim() || undefined;
        const problem = durationTrouble(target.value, least);
        if (!problem) put(next);
        keep(target.value, {
          beside: besideOf(problem ? value : next),
          problems: problem ? [{ ...problem, message: `${label}: ${problem.message}` }] : [],
        });
      }}
      // What is not one stays to be seen; what is stored shows as it is stored, after an undo too.
      onBlur={() => broken || keep(undefined)}
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
