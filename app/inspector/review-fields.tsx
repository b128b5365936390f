import * as z from 'zod';
import { isObject } from '../../flow/document/json.ts';
import type { Need } from '../../flow/contract/run.ts';
import { FileField } from './file-field.tsx';
import { Field, TextField } from '../ui/field.tsx';
import { Switch } from '../ui/switch.tsx';
import { TextArea } from '../ui/text-area.tsx';

const shape = z.object({
  name: z.string(),
  kind: z.string().default('text'),
  label: z.string().optional(),
  help: z.string().optional(),
  placeholder: z.string().optional(),
  required: z.boolean().default(false),
  options: z.array(z.string()).optional(),
  multiple: z.boolean().default(false),
  value: z.unknown().optional(),
});
/** One thing that a question asks to be filled in. */
export type ReviewField = z.output<typeof shape>;

/** What a person filled in, by the names of the fields. */
export type Values = Readonly<Record<string, unknown>>;

/** The fields of a question; none where it has no form. */
export function fieldsOf({ details }: Need): ReviewField[] {
  const form = isObject(details) && Array.isArray(details['form']) ? details['form'] : [];
  return form.flatMap((field: unknown) => shape.safeParse(field).data ?? []);
}

/** What stands in the fields at first. */
export const firstValues = (fields: readonly ReviewField[]): Values =>
  Object.fromEntries(
    fields.filter(({ kind, value }) => kind !== 'html' && value !== undefined).map(({ name, value }) => [name, value]),
  );

/** What is missing, by field name; empty when all that must be there is. */
export const missingIn = (fields: readonly ReviewField[], values: Values): Readonly<Record<string, string>> =>
  Object.fromEntries(
    fields
      .filter(({ name, required }) => required && isNothing(values[name]))
      .map(({ name, kind, options }) => [name, missingWords(kind, options)]),
  );

const missingWords = (kind: string, options: readonly string[] | undefined): string => {
  if (kind === 'file') return 'Choose a file.';
  if (kind === 'checkbox' && options === undefined) return 'Switch this on to continue.';
  return options === undefined ? 'Enter a value.' : 'Choose one of the options.';
};

/** A box that must be ticked and is not, or a list of which nothing was chosen, is missing as an empty text is. */
const isNothing = (value: unknown): boolean =>
  value === undefined || value === '' || value === false || (Array.isArray(value) && value.length === 0);

interface ReviewFieldsProps {
  /** The run that asks. */
  readonly run: string;
  readonly fields: readonly ReviewField[];
  readonly values: Values;
  readonly wrong: Readonly<Record<string, string>>;
  readonly change: (values: Values) => void;
}

/** The form of a question. */
export const ReviewFields = ({ run, fields, values, wrong, change }: ReviewFieldsProps) => (
  <>
    {fields
      .filter(({ kind }) => kind !== 'hidden')
      .map((field) => (
        <OneField
          key={field.name}
          run={run}
          field={field}
          value={values[field.name]}
          error={wrong[field.name]}
          set={(value) => change({ ...values, [field.name]: value })}
        />
      ))}
  </>
);

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const OneSwitch = ({ title, isOn, set }: { title: string; isOn: boolean; set: (isOn: boolean) => void }) => (
  <div className="row small">
    <Switch checked={isOn} onChange={set} label={title} />
    <span aria-hidden>{title}</span>
  </div>
);

interface OneFieldProps {
  readonly run: string;
  readonly field: ReviewField;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly set: (value: unknown) => void;
}

const inputTypes: Readonly<Record<string, string>> = {
  number: 'number',
  email: 'email',
  date: 'date',
  password: 'password',
};

function OneField({ run, field, value, error, set }: OneFieldProps) {
  const { kind, name, help, placeholder, options = [] } = field;
  const label = `${field.label ?? name}${field.required ? '' : ' (optional)'}`;
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (kind === 'html') return <p className="small t2">{text}</p>;
  if (kind === 'checkbox' && options.length === 0)
    return (
      <div className="col gap-4">
        <OneSwitch title={field.label ?? name} isOn={value === true} set={set} />
        {help && <span className="small t2">{help}</span>}
        {error && (
          <span className="field-error" role="alert">
            {error}
          </span>
        )}
      </div>
    );
  if (kind === 'checkbox' || (kind === 'dropdown' && field.multiple))
    return (
      <Field label={label} help={help} error={error}>
        {({ id, 'aria-describedby': says }) => (
          <div id={id} aria-describedby={says} role="group" aria-label={label} className="col gap-6">
            {options.map((one) => (
              <OneSwitch
                key={one}
                title={one}
                isOn={listed(value).includes(one)}
                set={(isOn) => set(options.filter((other) => (other === one ? isOn : listed(value).includes(other))))}
              />
            ))}
          </div>
        )}
      </Field>
    );
  if (kind === 'dropdown' || kind === 'radio')
    return (
      <Field label={label} help={help} error={error}>
        {(wiring) => (
          <select className="input" {...wiring} value={text} onChange={(event) => set(event.target.value)}>
            <option value="">Choose</option>
            {options.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        )}
      </Field>
    );
  if (kind === 'file') return <FileField {...{ label, help, error, run, value, set }} />;
  if (kind === 'textarea')
    return (
      <Field label={label} help={help} error={error}>
        {(wiring) => (
          <TextArea
            className="input tall"
            {...wiring}
            placeholder={placeholder}
            value={text}
            onChange={(event) => set(event.target.value)}
          />
        )}
      </Field>
    );
  return (
    <TextField
      label={label}
      help={help}
      error={error}
      type={inputTypes[kind] ?? 'text'}
      placeholder={placeholder}
      value={text}
      onChange={({ target }) => set(kind === 'number' && target.value !== '' ? target.valueAsNumber : target.value)}
    />
  );
}
