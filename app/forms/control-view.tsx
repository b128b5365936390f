import { Suspense, useState } from 'react';
import { Select } from '../ui/select.tsx';
import { Controls } from '../ui/viewed.tsx';
import { Switch } from '../ui/switch.tsx';
import { part } from '../ui/part.tsx';
import { Conditions } from './conditions.tsx';
import { CredentialField } from './credential-field.tsx';
import { CronField } from './cron-field.tsx';
import { DecisionTable } from './decision-table.tsx';
import { DurationField } from './duration-field.tsx';
import type { Wiring } from '../ui/wiring.ts';
import { AnyValue } from './any-value.tsx';
import type { Control, Field, Option } from './field.ts';
import type { ValueProps } from './field-view.tsx';
import { ListView, ObjectView } from './list-view.tsx';
import { NumberField } from './number-field.tsx';
import { Pairs } from './pairs.tsx';
import { TimezoneField } from './timezone-field.tsx';
import { Variants } from './variants.tsx';
import { WorkflowField } from './workflow-field.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { TextInput } from '../ui/text-input.tsx';
import './control-view.css';

const CodeField = part(() => import('../code/code-field.tsx'));

/** What a control is given: its value, its place, its field, and what names it. */
export type ControlProps = ValueProps & { readonly field: Field; readonly wiring: Wiring };

const shown = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

/** Controls with parts that are folded, stepped through or scrolled, which those may do too who only look. */
const kindsWithParts = new Set<Control['kind']>(['list', 'object', 'variants', 'code']);

/** The control of a field for a fixed value. */
export function ControlView(props: ControlProps) {
  if (kindsWithParts.has(props.field.control.kind)) return <ControlOf {...props} />;
  return (
    <Controls>
      <ControlOf {...props} />
    </Controls>
  );
}

function ControlOf(props: ControlProps) {
  const { field, value, onChange } = props;
  const { control } = field;
  switch (control.kind) {
    case 'text':
      return control.lines === 'one' ? <Line {...props} isMono={control.isMono} /> : <Lines {...props} />;
    case 'number':
      return <NumberField {...props} control={control} />;
    case 'switch':
      return <Switch checked={(value ?? field.default) === true} onChange={onChange} label={field.title} />;
    case 'choice':
      return <Choice {...props} options={control.options} />;
    case 'several':
      return <Several {...props} options={control.options} />;
    case 'list':
      return <ListView {...props} control={control} />;
    case 'object':
      return <ObjectView {...props} fields={control.fields} />;
    case 'variants':
      return <Variants {...props} variants={control.variants} />;
    case 'pairs':
      return <Pairs {...props} />;
    case 'conditions':
      return <Conditions {...props} />;
    case 'table':
      return <DecisionTable {...props} />;
    case 'credential':
      return <CredentialField {...props} />;
    case 'timezone':
      return <TimezoneField {...props} />;
    case 'duration':
      return <DurationField {...props} />;
    case 'workflow':
      return <WorkflowField {...props} />;
    case 'cron':
      return <CronField {...props} />;
    case 'code':
      return <Code {...props} language={control.language} />;
    case 'json':
    case 'value':
      return <AnyValue {...props} isJson={control.kind === 'json'} />;
    default:
      return <Line {...props} isMono={false} />;
  }
}

function Code({ field, wiring, value, onChange, language }: ControlProps & { language: string }) {
  const [isWanted, setWanted] = useState(false);
  const want = () => setWanted(true);
  return (
    <Suspense fallback={<div className="skel code-coming" tabIndex={-1} onPointerDown={want} onFocus={want} />}>
      <CodeField
        wiring={wiring}
        value={shown(value)}
        language={language}
        placeholder={field.placeholder}
        onChange={onChange}
        takesFocus={isWanted}
      />
    </Suspense>
  );
}

function Line({ field, wiring, value, onChange, isMono }: ControlProps & { isMono: boolean }) {
  return (
    <TextInput
      {...wiring}
      className={isMono ? 'input mono' : 'input'}
      spellCheck={false}
      autoComplete="off"
      placeholder={field.placeholder ?? shown(field.default)}
      value={shown(value)}
      onChange={(event) => onChange(event.target.value === '' && !field.required ? undefined : event.target.value)}
    />
  );
}

function Lines({ field, wiring, value, onChange }: ControlProps) {
  return (
    <TextArea
      {...wiring}
      className="input"
      placeholder={field.placeholder}
      value={shown(value)}
      onChange={(event) => onChange(event.target.value === '' && !field.required ? undefined : event.target.value)}
    />
  );
}

function Choice({ field, wiring, value, onChange, options }: ControlProps & { options: readonly Option[] }) {
  const picked = shown(value ?? field.default);
  const known = options.map((option) => ({ value: option.value, title: option.label }));
  const all = options.some((option) => option.value === picked)
    ? known
    : [{ value: picked, title: picked || (field.required ? 'Choose…' : 'Default') }, ...known];
  return (
    <Select
      id={wiring.id}
      label={field.title}
      value={picked === '' ? ' ' : picked}
      options={all.map((one) => (one.value === '' ? { ...one, value: ' ' } : one))}
      onChange={(next) => onChange(next === ' ' ? undefined : next)}
    />
  );
}

function Several({ field, value, onChange, options }: ControlProps & { options: readonly Option[] }) {
  const given = value ?? field.default;
  const chosen = new Set(Array.isArray(given) ? given.map(String) : []);
  const flip = (word: string) => {
    const next = chosen.has(word) ? [...chosen].filter((one) => one !== word) : [...chosen, word];
    onChange(options.map((option) => option.value).filter((one) => next.includes(one)));
  };
  return (
    <div className="row wrap gap-4" role="group" aria-label={field.title}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          className="chip"
          aria-pressed={chosen.has(option.value)}
          onClick={() => flip(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
